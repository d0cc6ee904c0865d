using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using XdpLvs.Config;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Forwarding;

/// <summary>What is wanted of the offload.</summary>
/// <param name="Mode">As configured or asked for.</param>
/// <param name="Io">AF_PACKET rings have no program.</param>
/// <param name="Flows">IPv4 flows at once.</param>
/// <param name="FlowsV6">IPv6 flows at once.</param>
/// <param name="Services">In the order in which their real servers are numbered.</param>
/// <param name="Persist">How long programs go on after this daemon died; zero: they end with it.</param>
/// <param name="Folder">Where they keep their names.</param>
internal sealed record OffloadWish(
    OffloadMode Mode, IoChoice Io, int Flows, int FlowsV6, IReadOnlyList<ServiceSettings> Services, TimeSpan Persist,
    string Folder);

/// <summary>Whether XDP programs forward by themselves, and the memory that they share with this process.</summary>
/// <param name="Memory">Of all interfaces.</param>
/// <param name="Targets">Real servers by number that an interface's program has room for.</param>
/// <param name="IsRequired">Where an interface cannot have it, the daemon does not start.</param>
/// <param name="IsAdopted">The memory is that of a daemon that died, with its flows.</param>
/// <param name="Pins">Where names are kept; null when nothing outlives this daemon.</param>
/// <param name="Persist">How long a program goes on without hearing from this daemon.</param>
internal sealed record OffloadPlan(
    OffloadMemory Memory, int Targets, bool IsRequired, bool IsAdopted, OffloadPins? Pins, TimeSpan Persist)
    : IDisposable
{
    private const int TargetsMin = 1024;

    /// <summary>How late a beat may be, on a machine that is busy, before programs take the director for dead.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Takes the memory if it is wanted: what a daemon left that died, or fresh one.</summary>
    /// <param name="wish">What is wanted.</param>
    /// <param name="say">Hears a line about what was adopted, or why something is not to be had.</param>
    /// <exception cref="LinuxException">It is required and cannot be had.</exception>
    internal static OffloadPlan? Make(OffloadWish wish, Action<string> say)
    {
        if (wish.Mode == OffloadMode.Off || wish.Io == IoChoice.Packet)
        {
            OffloadPins.Clear(wish.Folder);
            return wish.Mode == OffloadMode.On
                ? throw new LinuxException("offload", "--io packet", Errno.EINVAL,
                    "'offload on' needs XDP; use another --io, or offload auto")
                : null;
        }

        OffloadPins? pins = wish.Persist > TimeSpan.Zero ? OffloadPins.TryMake(wish.Folder, say) : null;
        if (pins is null)
        {
            OffloadPins.Clear(wish.Folder);
        }

        try
        {
            return Take(wish, pins, say);
        }
        catch (LinuxException refused) when (wish.Mode == OffloadMode.Auto)
        {
            OffloadPins.Clear(wish.Folder);
            say($"offload: off: {refused.Message}");
            return null;
        }
    }

    /// <summary>Takes the names away: a daemon that ends in order leaves nothing.</summary>
    public void Dispose()
    {
        if (Pins is not null)
        {
            OffloadPins.Clear(Pins.Folder);
        }

        Memory.Dispose();
    }

    private static OffloadPlan Take(OffloadWish wish, OffloadPins? pins, Action<string> say)
    {
        byte[] numbering = NumberingOf(wish.Services);
        OffloadMemory? adopted = null;
        if (pins is not null)
        {
            adopted = OffloadMemory.TryAdopt(
                pins.Folder, wish.Flows, wish.FlowsV6, numbering, out string? refusal);
            if (refusal is not null)
            {
                say($"the flows of a director that died are not taken over: {refusal}");
            }
        }

        OffloadMemory memory = adopted
            ?? OffloadMemory.Create(wish.Flows, wish.FlowsV6, FlowSeeds.Draw(new Random()));
        try
        {
            pins = Pin(memory, pins, numbering, say);
        }
        catch
        {
            memory.Dispose();
            throw;
        }

        int reals = 0;
        foreach (ServiceSettings service in wish.Services)
        {
            reals += service.Reals.Length + 1;
        }

        return new OffloadPlan(
            memory,
            Math.Max(TargetsMin, reals * 2),
            wish.Mode == OffloadMode.On,
            adopted is not null,
            pins,
            pins is null || wish.Persist < Grace ? Grace : wish.Persist);
    }

    private static OffloadPins? Pin(OffloadMemory memory, OffloadPins? pins, byte[] numbering, Action<string> say)
    {
        if (pins is null)
        {
            return null;
        }

        try
        {
            memory.Pin(pins.Folder, numbering);
            return pins;
        }
        catch (LinuxException refused)
        {
            OffloadPins.SayEphemeral(refused.Message, say);
            OffloadPins.Clear(pins.Folder);
            return null;
        }
    }

    /// <summary>Alike only where every number means the same real server.</summary>
    private static byte[] NumberingOf(IReadOnlyList<ServiceSettings> services)
    {
        var text = new StringBuilder();
        foreach (ServiceSettings service in services)
        {
            text.Append(CultureInfo.InvariantCulture, $"{service.Key} on {service.Interface}\n");
            foreach (RealServerSettings real in service.Reals)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {real.Address} {real.Port}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"  sorry {service.Sorry?.Address} {service.Sorry?.Port}\n");
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
