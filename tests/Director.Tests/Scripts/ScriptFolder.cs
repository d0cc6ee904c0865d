using System;
using System.Collections.Immutable;
using System.IO;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Tests.Scripts;

/// <summary>A folder of small scripts that anybody may read. Gone with the test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    public ScriptFolder()
    {
        Path = Directory.CreateTempSubdirectory("xdplvs-scripts-").FullName;
        File.SetUnixFileMode(Path, (UnixFileMode)0b111_111_111); // other users write here, too
    }

    public string Path { get; }

    /// <summary>Where a script may put what it saw.</summary>
    public string Output => Path + "/output";

    /// <summary>What it put there; empty if nothing.</summary>
    public string Written => File.Exists(Output) ? File.ReadAllText(Output) : "";

    /// <summary>A shell script of that text, run by whoever runs this test.</summary>
    public Script Shell(string text, params string[] arguments)
    {
        string path = $"{Path}/{Guid.NewGuid():N}.sh";
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return new Script(ImmutableArray.Create([path, .. arguments]), ScriptUser.Own);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
