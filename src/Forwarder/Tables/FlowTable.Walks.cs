using System;
using System.Threading;

namespace XdpLvs.Forwarder.Tables;

/// <summary>How a table is walked through: region by region, past those that hold nothing.</summary>
internal sealed partial class FlowTable<TSlots>
{
    /// <summary>Calls <paramref name="visit"/> for the flows in some slots, dead ones too. Others may change them
    /// meanwhile.</summary>
    internal void Visit(int from, int count, FlowVisitor visit)
    {
        int end = from + count;
        for (int slot = from; slot < end;)
        {
            int next = Math.Min(end, (slot | (SlotsPerRegion - 1)) + 1);
            if (Volatile.Read(ref _regions[slot / SlotsPerRegion]) != 0)
            {
                VisitSlots(slot, next, visit);
            }

            slot = next;
        }
    }

    /// <summary>
    /// Marks the regions that hold no flow any more, so that nobody looks there. Marked first and looked through then:
    /// who fills a slot marks its region afterwards, so a flow is either seen here or marks its region again.
    /// </summary>
    internal void Rest()
    {
        for (int region = 0; region < _regions.Length; region++)
        {
            if (Volatile.Read(ref _regions[region]) == 0)
            {
                continue;
            }

            Volatile.Write(ref _regions[region], 0);
            Interlocked.MemoryBarrier();
            if (HasFlow(region))
            {
                Volatile.Write(ref _regions[region], 1);
            }
        }
    }

    /// <summary>Counts the flows in memory that is not fresh, and frees slots that somebody died over.</summary>
    internal int Recount()
    {
        int flows = 0;
        for (int slot = 0; slot < Slots; slot++)
        {
            ulong word = Word(slot);
            if (FlowWord.IsFlow(word) && FlowWord.State(word) <= FlowState.UdpOnce)
            {
                flows++;
                _counts.Add(FlowWord.Real(word), FlowWord.State(word), FlowWord.IsTemplate(word));
                MarkRegion(slot);
            }
            else if (word != FlowWord.Empty)
            {
                Word(slot) = FlowWord.Vacant;
            }
        }

        return flows;
    }

    private bool HasFlow(int region)
    {
        int from = region * SlotsPerRegion, to = Math.Min(from + SlotsPerRegion, Slots);
        for (int slot = from; slot < to; slot++)
        {
            ulong word = Volatile.Read(ref Word(slot));
            if (word is not (FlowWord.Empty or FlowWord.Vacant))
            {
                return true;
            }
        }

        return false;
    }

    private void VisitSlots(int from, int to, FlowVisitor visit)
    {
        for (int slot = from; slot < to; slot++)
        {
            ulong word = Volatile.Read(ref Word(slot));
            if (!FlowWord.IsFlow(word))
            {
                continue;
            }

            FlowId id = TSlots.Read(ref Word(slot), word);
            if (Volatile.Read(ref Word(slot)) == word)
            {
                visit(id, new FlowHandle(slot, word), Volatile.Read(ref Deadline(slot)));
            }
        }
    }

    /// <summary>Says that there is a flow in a slot's region. Called after the slot was filled.</summary>
    private void MarkRegion(int slot)
    {
        ref byte region = ref _regions[slot / SlotsPerRegion];
        if (Volatile.Read(ref region) == 0)
        {
            Volatile.Write(ref region, 1);
        }
    }
}
