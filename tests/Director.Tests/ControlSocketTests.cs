using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using XdpLvs.Director.Control;
using Xunit;

namespace XdpLvs.Director.Tests;

public sealed class ControlSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-control-").FullName;

    private string SocketPath => Path.Combine(_folder, "control.sock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_question_gets_its_answer()
    {
        await using ControlSocket socket = Serve();

        ControlAnswer answer = ControlClient.Ask(SocketPath, ["ipvsadm", "services"]);

        Assert.Equal(new ControlAnswer(0, "ipvsadm services", ""), answer);
    }

    [Fact]
    public async Task Only_the_owner_may_open_it()
    {
        await using ControlSocket socket = Serve();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
    }

    [Fact]
    public async Task A_second_daemon_is_told_that_one_is_running()
    {
        await using ControlSocket socket = Serve();

        IOException error = Assert.Throws<IOException>(() => ControlSocket.Bind(SocketPath));

        Assert.Contains("another xdplvs is running", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public async Task A_socket_that_a_killed_daemon_left_is_replaced()
    {
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(SocketPath));
            File.Copy("/dev/null", SocketPath + ".keep"); // the folder is writable
        }

        await using ControlSocket socket = Serve();

        Assert.Equal(0, ControlClient.Ask(SocketPath, ["any"]).Exit);
    }

    [Fact]
    public async Task Stopping_removes_it()
    {
        await Serve().DisposeAsync();

        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void Nobody_there_is_a_clear_answer()
    {
        ControlAnswer answer = ControlClient.Ask(SocketPath, ["ipvsadm", "services"]);

        Assert.Equal(1, answer.Exit);
        Assert.Contains($"no xdplvs answers at {SocketPath}", answer.Complaint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is not JSON\n")]
    [InlineData("{\"Words\":null}\n")]
    [InlineData("{\"Words\":[]}\n")]
    [InlineData("\n")]
    [InlineData("null\n")]
    [InlineData("[1,2,{\"a\":\n")]
    public async Task Nonsense_does_not_stop_it(string nonsense)
    {
        await using ControlSocket socket = Serve();
        using (var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await peer.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), TestContext.Current.CancellationToken);
            peer.Send(Encoding.UTF8.GetBytes(nonsense));
            byte[] rest = new byte[1024];
            while (await peer.ReceiveAsync(rest, TestContext.Current.CancellationToken) > 0)
            {
                // until it is closed
            }
        }

        Assert.Equal(0, ControlClient.Ask(SocketPath, ["any"]).Exit);
    }

    private ControlSocket Serve()
    {
        ControlSocket socket = ControlSocket.Bind(SocketPath);
        socket.Serve((request, _) => Task.FromResult(new ControlAnswer(0, string.Join(' ', request.Words), "")));
        return socket;
    }
}
