using System;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>serve NAME PORT</c>: a web server that answers its name: a client can tell who served it.</summary>
internal static class ServeVerb
{
    /// <summary>Serves until a signal, or until standard input ends when <paramref name="tied"/>.</summary>
    public static async Task<int> RunAsync(
        string name, int port, IPAddress address, bool logRequests, bool tied, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using WebApplication server = Build(name, port, address, logRequests);
        await server.StartAsync(ending.Token);
        Console.WriteLine(LabTools.Ready);
        Task parent = tied ? Console.In.ReadLineAsync(CancellationToken.None).AsTask() : Task.Delay(-1, ending.Token);
        await Task.WhenAny(parent, Task.Delay(-1, ending.Token));
        return 0;
    }

    private static WebApplication Build(string name, int port, IPAddress address, bool logRequests)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(address, port, Http1));
        WebApplication server = builder.Build();
        byte[] answer = Encoding.UTF8.GetBytes(name + "\n");
        server.Run(context =>
        {
            if (logRequests)
            {
                Log(context);
            }

            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = answer.Length;
            return context.Response.Body.WriteAsync(answer, 0, answer.Length);
        });
        return server;
    }

    private static void Http1(ListenOptions options) => options.Protocols = HttpProtocols.Http1;

    private static void Log(HttpContext context)
    {
        var request = new ServedRequest(
            TimeProvider.System.Microseconds(),
            $"{context.Connection.RemoteIpAddress}:{context.Connection.RemotePort}",
            context.Request.Path);
        Console.WriteLine(JsonSerializer.Serialize(request, LabJson.Default.ServedRequest));
    }
}
