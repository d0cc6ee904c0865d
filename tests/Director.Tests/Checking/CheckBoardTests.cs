using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Checks;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Control;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tables;

namespace XdpLvs.Director.Tests.Checking;

/// <summary>All checks together: real probes on loopback, and what "show checks" says of them.</summary>
public sealed class CheckBoardTests : IDisposable
{
    private static readonly CheckSettings Often = new()
    {
        DelayLoop = TimeSpan.FromMilliseconds(50),
        StartupDelay = TimeSpan.Zero,
        Warmup = TimeSpan.Zero,
        Retry = 0,
    };

    private readonly EventLog _log = new(TimeProvider.System);
    private readonly Channel<DirectorEvent> _events = Channel.CreateBounded<DirectorEvent>(64);
    private readonly Socket _web = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public CheckBoardTests()
    {
        _web.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _web.Listen(64);
    }

    private TcpProbeSettings Web => new(new ConnectOptions((IPEndPoint)_web.LocalEndPoint!));

    public void Dispose()
    {
        _web.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Those_who_ask_the_same_share_one_probe_and_hear_it_all()
    {
        await using CheckBoard board = Board(
            Plan(0, "80", Web, Often with { Alpha = true }),
            Plan(1, "443", Web, Often with { Alpha = true }),
            Plan(2, "8080", Web, Often with { Alpha = true, Retry = 3 })); // another way of asking
        board.Start();

        CheckName[] heard = [(await NextAsync()).Name, (await NextAsync()).Name, (await NextAsync()).Name];

        Assert.Equal(2, board.Count);
        Assert.Equal([0, 1, 2], heard.Select(name => name.Service).Order());
    }

    [Fact]
    public async Task A_first_success_is_told_even_if_it_was_assumed()
    {
        await using CheckBoard board = Board(Plan(0, "80", Web, Often)); // another check of the server may have alpha
        board.Start();

        Assert.True((await NextAsync()).Report.IsUp);
    }

    [Fact]
    public async Task What_fails_is_told_with_its_reason()
    {
        _web.Dispose();
        await using CheckBoard board = Board(Plan(0, "80", new TcpProbeSettings(
            new ConnectOptions(new IPEndPoint(IPAddress.Loopback, 1))), Often));
        board.Start();

        Assert.False((await NextAsync()).Report.IsUp);

        string text = board.Answer(["127.0.0.1"]).Output;
        Assert.Matches(
            "^\\[127.0.0.1\\]:tcp:80 of VS \\[10.0.0.1\\]:tcp:80: TCP_CHECK 127.0.0.1:1 down\n"
                + "  [0-9-]+T[0-9:.]+Z +[0-9.]+ ms  refused: Connection refused\n",
            text);
    }

    [Fact]
    public async Task Json_says_everything()
    {
        await using CheckBoard board = Board(Plan(0, "80", Web, Often), Plan(1, "443", Web, Often));
        board.Start();
        await using (var late = new Soonest())
        {
            await late.UntilAsync(() => !board.Answer([]).Output.Contains("unchecked", StringComparison.Ordinal));
        }

        JsonElement[] checks = JsonSerializer.Deserialize<JsonElement[]>(board.Answer(["-o", "json"]).Output)!;

        Assert.Equal(2, checks.Length);
        Assert.Equal("[127.0.0.1]:tcp:443", checks[0].GetProperty("real_server").GetString());
        Assert.Equal("TCP_CHECK", checks[0].GetProperty("check").GetString());
        Assert.Equal("up", checks[0].GetProperty("state").GetString());
        Assert.Equal(2, checks[0].GetProperty("shared_by").GetInt32());
        JsonElement result = checks[0].GetProperty("results")[0];
        Assert.Equal("ok", result.GetProperty("result").GetString());
        Assert.True(result.GetProperty("milliseconds").GetDouble() >= 0);
    }

    [Theory]
    [InlineData(0, "127.0.0.1")]
    [InlineData(0, "[127.0.0.1]:tcp:80")]
    [InlineData(1, "127.0.0.2")]
    [InlineData(1, "127.0.0")]
    [InlineData(2, "127.0.0.1", "json")]
    [InlineData(2, "127.0.0.1", "-o", "yaml")]
    [InlineData(0, "127.0.0.1", "-o", "json")]
    public async Task Questions_are_understood_or_refused(int exit, params string[] words)
    {
        await using CheckBoard board = Board(Plan(0, "80", Web, Often));

        ControlAnswer answer = board.Answer(words);

        Assert.Equal(exit, answer.Exit);
        Assert.Equal(exit == 0, answer.Complaint.Length == 0);
    }

    private static CheckPlan Plan(int service, string port, ProbeSettings probe, CheckSettings settings) => new(
        new CheckName(service, 0, 0),
        new CheckSubject($"[127.0.0.1]:tcp:{port}", $"[10.0.0.1]:tcp:{port}", "127.0.0.1"),
        probe,
        settings);

    private CheckBoard Board(params ImmutableArray<CheckPlan> plans) => new(
        plans,
        _events.Writer,
        _log,
        new ProbeSurroundings(
            TimeProvider.System,
            new CheckScripts(ImmutableDictionary<ScriptCall, Script>.Empty),
            _ => null,
            _ => null),
        new Random(1));

    private async Task<VerdictGiven> NextAsync() => Assert.IsType<VerdictGiven>(
        await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20)));

    /// <summary>Asks again and again until something is so, and fails if it never is.</summary>
    private sealed class Soonest : IAsyncDisposable
    {
        private readonly System.Threading.PeriodicTimer _timer = new(TimeSpan.FromMilliseconds(20));

        public async Task UntilAsync(Func<bool> holds)
        {
            for (int i = 0; i < 1_000 && !holds(); i++)
            {
                await _timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            Assert.True(holds());
        }

        public ValueTask DisposeAsync()
        {
            _timer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
