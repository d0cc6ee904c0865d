using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace XdpLvs.Lab;

/// <summary>One line of a lab's record.</summary>
/// <param name="Kind">"owner", "namespace", "process" or "file".</param>
/// <param name="Name">The namespace's, the process's or the file's name.</param>
/// <param name="Pid">Process id; zero for what is not a process.</param>
/// <param name="Started">Start time in clock ticks since boot: with the pid it names one process for ever.</param>
public sealed record LabRecordEntry(string Kind, string Name, int Pid, long Started);

/// <summary>
/// What a lab has made so far, in a file under /run: a lab that was killed can be removed by the next one,
/// and a lab that was kept can be removed later, without touching anything that is not its own.
/// </summary>
internal sealed class LabRecord
{
    /// <summary>Records, control sockets and logs of kept daemons.</summary>
    public const string Folder = "/run/xdplvs-lab";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly string _path;

    private LabRecord(string path) => _path = path;

    /// <summary>Starts a fresh record for a lab that this process owns.</summary>
    public static LabRecord Create(string prefix)
    {
        Directory.CreateDirectory(Folder);
        var record = new LabRecord(PathOf(prefix));
        File.WriteAllText(record._path, "");
        record.AddProcess("owner", "owner", Environment.ProcessId);
        return record;
    }

    /// <summary>Removes what an earlier lab of this name left. Returns the number of things removed.</summary>
    /// <exception cref="LabException">The earlier lab's own process still runs.</exception>
    public static int RemoveLeftovers(string prefix)
    {
        if (!File.Exists(PathOf(prefix)))
        {
            return 0;
        }

        List<LabRecordEntry> entries = Read(PathOf(prefix));
        if (entries.Find(IsOtherOwner) is LabRecordEntry owner)
        {
            throw new LabException(
                $"a lab named {prefix} is in use by process {owner.Pid}; end that one first, with Ctrl-C");
        }

        List<LabRecordEntry> living = entries.FindAll(entry => entry.Kind == "process" && IsAlive(entry));
        End(living);
        List<LabRecordEntry> namespaces = entries.FindAll(entry => entry.Kind == "namespace");
        foreach (LabRecordEntry entry in namespaces)
        {
            RemoveNamespace(entry.Name);
        }

        foreach (LabRecordEntry entry in entries.FindAll(entry => entry.Kind == "file"))
        {
            File.Delete(entry.Name);
        }

        File.Delete(PathOf(prefix));
        return living.Count + namespaces.Count;
    }

    /// <summary>Links go by name and at once; with the namespace alone they would go at the kernel's leisure.</summary>
    public static void RemoveNamespace(string name)
    {
        if (!File.Exists($"/run/netns/{name}"))
        {
            return;
        }

        string links = Commands.Run(["ip", "-n", name, "-o", "link", "show", "type", "veth"]).Output;
        foreach (string line in links.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Commands.TryIp("-n", name, "link", "del", line.Split(':')[1].Split('@')[0].Trim());
        }

        Commands.TryIp("netns", "del", name);
    }

    public void AddNamespace(string name) => Add(new LabRecordEntry("namespace", name, 0, 0));

    public void AddProcess(string kind, string name, int pid) =>
        Add(new LabRecordEntry(kind, name, pid, StartedAt(pid)));

    public void AddFile(string path) => Add(new LabRecordEntry("file", path, 0, 0));

    private static bool IsOtherOwner(LabRecordEntry entry) =>
        entry.Kind == "owner" && entry.Pid != Environment.ProcessId && IsAlive(entry);

    private static void End(List<LabRecordEntry> living)
    {
        Commands.Signal("TERM", [.. living.Select(entry => entry.Pid)]);
        long deadline = TimeProvider.System.Microseconds() + (long)Grace.TotalMicroseconds;
        while (living.Exists(IsAlive) && TimeProvider.System.Microseconds() < deadline)
        {
            _ = Commands.Run(["sleep", "0.05"]);
        }

        Commands.Signal("KILL", [.. living.Where(IsAlive).Select(entry => entry.Pid)]);
    }

    private static bool IsAlive(LabRecordEntry entry) => StartedAt(entry.Pid) == entry.Started && entry.Started != 0;

    /// <summary>Field 22 of /proc/PID/stat, zero when there is no such process or only its shell is left.</summary>
    private static long StartedAt(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? 0 : long.Parse(fields[19], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static List<LabRecordEntry> Read(string path) =>
    [
        .. File.ReadAllLines(path)
            .Where(line => line.Length > 0)
            .Select(line => JsonSerializer.Deserialize(line, LabJson.Default.LabRecordEntry)!),
    ];

    private static string PathOf(string prefix) => Path.Combine(Folder, prefix + ".jsonl");

    private void Add(LabRecordEntry entry)
    {
        lock (_path)
        {
            File.AppendAllText(_path, JsonSerializer.Serialize(entry, LabJson.Default.LabRecordEntry) + "\n");
        }
    }
}
