using System;
using System.Linq;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tables;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>What the guest's ipvsadm cannot be asked: forms that popt allows, and what is ours alone.</summary>
public sealed class IpvsadmWordsTests : IDisposable
{
    private readonly ToyDirector _director = ToyDirector.LikeTheKernel(new BookOfNames());

    public void Dispose() => _director.Dispose();

    [Theory]
    [InlineData("-Lnt192.168.5.100:80")]
    [InlineData("-Lnt=192.168.5.100:80")]
    [InlineData("-L --tcp-service=192.168.5.100:80 -n")]
    [InlineData("--list --numeric --tcp-service 192.168.5.100:80 --sort")]
    [InlineData("-l -n -t [192.168.5.100]:80")]
    public void A_service_may_be_named_in_many_ways(string words) =>
        Assert.Equal(Rules.Case("one.txt"), _director.List(words));

    [Theory]
    [InlineData("-A -t 192.168.5.100:81 -s rr")]
    [InlineData("-E -t 192.168.5.100:80")]
    [InlineData("-D -t 192.168.5.100:80")]
    [InlineData("-C")]
    [InlineData("-R")]
    [InlineData("-a -t 192.168.5.100:80 -r 192.168.5.105 -g -w 1")]
    [InlineData("--edit-server -t 192.168.5.100:80 -r 192.168.5.105")]
    [InlineData("-d -t 192.168.5.100:80 -r 192.168.5.103")]
    public void Nothing_but_the_configuration_makes_services(string words)
    {
        string before = _director.List("-Sn");

        (int exit, string output, string errors) = _director.Ipvsadm(words.Split(' '));

        Assert.Equal((2, ""), (exit, output));
        Assert.Contains("come from the configuration file alone", errors, StringComparison.Ordinal);
        Assert.Equal(before, _director.List("-Sn"));
    }

    [Theory]
    [InlineData("--start-daemon master")]
    [InlineData("--stop-daemon backup")]
    public void Connections_are_not_synchronised(string words)
    {
        (int exit, _, string errors) = _director.Ipvsadm(words.Split(' '));

        Assert.Equal(2, exit);
        Assert.Contains("not synchronised", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("--help")]
    public void Help_names_every_option_that_can_be_used(string words)
    {
        string help = _director.List(words);

        string[] usable =
        [
            "-L", "-S", "-Z", "--set", "-t", "-u", "--sctp-service", "-n", "-c", "--stats", "--rate", "--thresholds",
            "--persistent-conn", "--timeout", "--daemon", "--exact", "--sort", "--nosort", "--tun-info", "--control",
        ];
        Assert.All(usable, option => Assert.Contains(option, help, StringComparison.Ordinal));
        Assert.DoesNotContain(help.Split('\n'), line => line.Length > 120);
    }

    [Fact]
    public void The_version_is_found_where_scripts_look_for_it() =>
        Assert.Matches(@"^ipvsadm v1\.31 .*IPVS v1\.2\.1\)\n$", _director.List("-v"));

    [Fact]
    public void A_daemon_that_does_not_answer_is_named()
    {
        using System.IO.StringWriter output = new(), errors = new() { NewLine = "\n" };
        var command = new IpvsadmCommand(_ => new ControlAnswer(1, "", "no xdplvs"), IpvsNames.Numeric, output, errors);

        Assert.Equal((1, "", "xdplvs: no xdplvs\n"), (command.RunWords(["-Ln"]), output.ToString(), errors.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Size\":1}")]
    [InlineData("IP Virtual Server")]
    public void A_daemon_of_another_version_is_named(string answer)
    {
        using System.IO.StringWriter output = new(), errors = new();
        var command = new IpvsadmCommand(_ => new ControlAnswer(0, answer, ""), IpvsNames.Numeric, output, errors);

        Assert.Equal((1, ""), (command.RunWords(["-Ln"]), output.ToString()));
        Assert.Equal(1, command.RunWords(["-Lnc"]));
        Assert.Contains("another version", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("services")]
    [InlineData("connections")]
    [InlineData("connections -1")]
    [InlineData("connections 2147483648")]
    [InlineData("zero tcp 1.2.3.4 80")]
    [InlineData("zero 6 vip 80")]
    [InlineData("zero 6 1.2.3.4 65536")]
    [InlineData("set 1 2")]
    [InlineData("set 1 2 -3")]
    [InlineData("set 1 2 4294967295")]
    public void The_daemon_refuses_questions_that_are_none(string question)
    {
        ControlAnswer answer = _director.Questions.Answer(question.Split(' '), ToyDirector.Now);

        Assert.Equal(new ControlAnswer(2, "", $"the daemon does not know 'ipvsadm {question}'"), answer);
    }

    [Fact]
    public void Words_at_random_are_understood_or_refused_but_never_more()
    {
        var random = new Random(20);
        string[] pieces =
        [
            .. Rules.Case("arguments.txt").Split([' ', '\n']),
            "-", "--", "-=", "--=", "-t=", "[", "]", "[]:", ":", "-p", "--control", "=", "-L", "-L", "-L", "-Z",
            "--set", "-S", "a b", "\0", "é",
        ];
        for (int i = 0; i < 4_000; i++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)])];
            (int exit, _, string errors) = _director.Ipvsadm(words);

            bool isSaid = exit == 0 ? errors.Length == 0 : exit is 1 or 2 or 255 && errors.Length > 0;
            Assert.True(isSaid, string.Join(' ', words));
        }
    }
}
