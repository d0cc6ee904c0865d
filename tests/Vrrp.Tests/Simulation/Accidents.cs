using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Vrrp.Tests;

/// <summary>What befalls a world, drawn at random.</summary>
internal sealed class Accidents(World world, Random random)
{
    private const int ForgedMax = 40;

    /// <summary>Makes the wire bad and lets so many things happen, up to two intervals apart.</summary>
    public void Happen(int count)
    {
        world.LossPercent = random.Next(60);
        world.DuplicatePercent = random.Next(30);
        world.DelayedPercent = random.Next(30);
        for (int i = 0; i < count; i++)
        {
            HappenOnce(world.Routers[random.Next(world.Routers.Count)]);
            world.Run(random.NextInt64(1, 2 * world.Interval));
        }
    }

    /// <summary>The wire behaves again, in one part or more; everybody is awake, nobody is faulty.</summary>
    public void End()
    {
        world.LossPercent = world.DuplicatePercent = world.DelayedPercent = 0;
        world.Partition(random.Next(3) == 0 ? 2 : 1);
        foreach (WorldRouter router in world.Routers)
        {
            router.Stall(0);
            router.Happens(VrrpEvent.Recovered(FaultCauses.Link | FaultCauses.Tracked));
            if (random.Next(4) != 0)
            {
                router.Start(adopts: random.Next(2) == 0);
            }
        }
    }

    private void HappenOnce(WorldRouter victim)
    {
        switch (random.Next(13))
        {
            case 0:
                world.Partition(random.Next(1, 4));
                break;
            case 1:
                world.Cut(victim, world.Routers[random.Next(world.Routers.Count)]); // one way
                break;
            case 2:
                victim.Stall(random.NextInt64(1, 8 * world.Interval));
                break;
            case 3:
                victim.Crash();
                break;
            case 4:
                victim.Die();
                break;
            case 5:
                victim.Happens(new VrrpEvent(VrrpEventKind.Shutdown));
                break;
            case 6:
                victim.Happens(VrrpEvent.Failed(random.Next(2) == 0 ? FaultCauses.Link : FaultCauses.Tracked));
                break;
            case 7:
                victim.Happens(VrrpEvent.Recovered(FaultCauses.Link | FaultCauses.Tracked));
                break;
            case 8:
                victim.Happens(VrrpEvent.Weighed(random.Next(-120, 120)));
                break;
            case 9:
                victim.Happens(VrrpEvent.PeerDown(victim.State.Following.Router));
                break;
            case 10:
                Forge(victim);
                break;
            default:
                victim.Start(adopts: random.Next(2) == 0);
                break;
        }
    }

    /// <summary>A stranger: broken packets, and valid resignations in a flood.</summary>
    private void Forge(WorldRouter victim)
    {
        VrrpSettings stranger = victim.Self with { SourceAddress = victim.Self.IsV6
            ? new VrrpAddress(0xFE80_0000_0000_0000, ulong.MaxValue) : 0xC0A8_05FE };
        List<byte[]> forged = [];
        foreach (byte priority in Enumerable.Repeat<byte>(0, random.Next(ForgedMax)).Append((byte)255))
        {
            byte[] packet = new byte[AdvertWriter.LengthOf(stranger)];
            AdvertWriter.Write(packet, stranger, priority, stranger.MulticastGroup, 1);
            packet[^1] ^= (byte)(priority == 255 ? 1 : 0); // a strong one, but broken
            forged.Add(packet);
        }

        forged.ForEach(packet => world.Deliver(victim, packet));
    }
}
