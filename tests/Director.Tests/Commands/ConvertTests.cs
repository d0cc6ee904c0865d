using System.IO;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Commands.Convert;
using XdpLvs.Director.Tests.Ipvs;
using Xunit;

namespace XdpLvs.Director.Tests.Commands;

/// <summary>Rules of ipvsadm become blocks, and blocks become rules.</summary>
public sealed class ConvertTests
{
    [Fact]
    public void What_ipvsadm_saved_comes_back_from_the_blocks_it_became()
    {
        (int exit, string blocks, _) = Convert(Rules.Case("rules.txt"));
        (int back, string rules, string errors) = Convert(blocks);

        Assert.Equal((0, 0, ""), (exit, back, errors));
        Assert.Equal(Rules.Case("rules.txt"), rules);
    }

    [Fact]
    public void The_blocks_are_in_tidy_form_and_have_no_errors()
    {
        (_, string blocks, _) = Convert(Rules.Case("rules.txt"));

        Assert.Equal(blocks, ConfigFormatter.Format(blocks, out _));
        Assert.DoesNotContain(
            ConfigReader.Parse(blocks, "t.conf").Diagnostics, finding => finding.Severity == Severity.Error);
    }

    [Fact]
    public void Every_option_has_its_keyword()
    {
        (_, string blocks, _) = Convert(
            """
            # saved
            ipvsadm -A -t [2001:db8::9]:80 -s mh -p -M 64 -b mh-fallback,mh-port
            -a -t [2001:db8::9]:80 -r [2001:db8::11] -w 5 -x 20 -y 10
            -A -f 7 -s wlc -o
            -a -f 7 -r 192.0.2.1:0 -m
            """);

        Assert.Equal(
            """
            virtual_server 2001:db8::9 80 {
                lb_algo mh
                mh-fallback
                mh-port
                lb_kind DR
                protocol TCP
                persistence_timeout 300
                persistence_granularity 64

                real_server 2001:db8::11 80 {
                    weight 5
                    uthreshold 20
                    lthreshold 10
                }
            }

            virtual_server fwmark 7 {
                lb_algo wlc
                ops
                lb_kind NAT

                real_server 192.0.2.1 {
                    weight 1
                }
            }

            """,
            blocks);
    }

    [Theory]
    [InlineData("-A -t 192.0.2.1:80\n-A -t 192.0.2.1:80", "line 2: this service was added before")]
    [InlineData("-a -t 192.0.2.1:80 -r 192.0.2.2:80", "line 1: no -A line has added this service")]
    [InlineData("-A -t web:http", "line 1: 'web:http' is not an address and a port")]
    [InlineData("-A", "line 1: no virtual service: -t, -u, --sctp-service or -f")]
    [InlineData("-D -t 192.0.2.1:80", "line 1: only -A and -a can be converted")]
    [InlineData("-A -t 192.0.2.1:80 --bogus", "line 1: --bogus: unknown option")]
    [InlineData("-A -t 192.0.2.1:80 -p x", "line 1: 'x' is not a time in seconds")]
    [InlineData("-A -t 192.0.2.1:80\n-a -t 192.0.2.1:80 -r 192.0.2.2 -w x", "line 2: 'x' is not a number for --weight")]
    public void A_bad_rule_is_code_2_and_nothing_is_printed(string rules, string complaint)
    {
        (int exit, string output, string errors) = Convert(rules);

        Assert.Equal((2, ""), (exit, output));
        Assert.Equal($"xdplvs: {complaint}\n", errors);
    }

    [Fact]
    public void Blocks_with_errors_are_code_5_and_the_rest_is_converted()
    {
        (int exit, string output, string errors) = Convert("bogus\n" + Convert("-A -t 192.0.2.1:80 -s rr\n").Output);

        Assert.Equal((5, "-A -t 192.0.2.1:80 -s rr\n"), (exit, output));
        Assert.StartsWith("(standard input):1:1: error: unknown keyword 'bogus'", errors);
    }

    private static (int Exit, string Output, string Errors) Convert(string text)
    {
        var output = new StringWriter { NewLine = "\n" };
        var errors = new StringWriter { NewLine = "\n" };
        int exit = ConvertCommand.Run("-", new StringReader(text), output, errors);
        return (exit, output.ToString(), string.Concat(errors.ToString().Split('\r').Take(1)));
    }
}
