using System;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Threading;
using Tmds.Linux;

namespace XdpLvs.Linux.Process;

/// <summary>A network namespace held open. Sockets made inside <see cref="Run{T}"/> live there ever after.</summary>
/// <remarks>network_namespaces(7), setns(2).</remarks>
public sealed unsafe class NetworkNamespace : IDisposable
{
    private readonly FileDescriptor _descriptor;
    private readonly string _subject;

    private NetworkNamespace(string path)
    {
        _subject = path;
        fixed (byte* pointer = Encoding.UTF8.GetBytes(path + '\0'))
        {
            int number = LibC.open(pointer, LibC.O_RDONLY | LibC.O_CLOEXEC, (mode_t)0u);
            _descriptor = number >= 0
                ? new FileDescriptor(number)
                : throw new LinuxException("open", path, LibC.errno);
        }
    }

    /// <summary>A namespace made by "ip netns add".</summary>
    /// <param name="name">A file under /run/netns.</param>
    public static NetworkNamespace Open(string name) => new("/run/netns/" + name);

    /// <summary>The namespace that a process is in.</summary>
    public static NetworkNamespace OfProcess(int processId) =>
        new(FormattableString.Invariant($"/proc/{processId}/ns/net"));

    /// <summary>Runs a function on a thread of its own inside the namespace and waits for it.</summary>
    /// <remarks>
    /// The thread ends with the function. A thread is born in the namespace of the one that starts it: the function
    /// must not start threads or tasks, because a new worker of the thread pool would then stay in there. Make the
    /// sockets inside and use them outside. Exceptions come out as they were thrown.
    /// </remarks>
    public T Run<T>(Func<T> function)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result = function();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception); // thrown again below, on the caller's thread
            }
        })
        {
            IsBackground = true,
            Name = "netns",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>As <see cref="Run{T}"/>, without a result.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return 0;
    });

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    private void Enter()
    {
        if (LibC.setns(_descriptor.Number, LibC.CLONE_NEWNET) != 0)
        {
            throw new LinuxException("setns", _subject, LibC.errno);
        }
    }
}
