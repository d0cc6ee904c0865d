using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace XdpLvs.Forwarder.Benchmarks;

/// <summary>bench/reference/director.c, compiled by this machine's C compiler when it is first asked for.</summary>
internal static unsafe partial class Reference
{
    private const string Library = "xdplvs-reference";

    private static readonly string Path = System.IO.Path.Combine(AppContext.BaseDirectory, "libdirector.so");

    /// <summary>Compiles it and has the runtime find it.</summary>
    /// <exception cref="InvalidOperationException">There is no compiler, or it found an error; its words.</exception>
    internal static void Build()
    {
        string source = System.IO.Path.Combine(Here(), "..", "reference", "director.c");
        using Process compiler = Process.Start(new ProcessStartInfo(
            "cc", ["-O2", "-march=native", "-Wall", "-Werror", "-shared", "-fPIC", "-o", Path, source])
        {
            RedirectStandardError = true,
        })!;
        string said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
        {
            throw new InvalidOperationException($"cc: {said}");
        }

        NativeLibrary.SetDllImportResolver(
            typeof(Reference).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(Path) : 0);
    }

    [LibraryImport(Library, EntryPoint = "reference_new")]
    internal static partial nint New(int flows);

    [LibraryImport(Library, EntryPoint = "reference_own")]
    internal static partial void SetOwn(nint director, ulong mac);

    [LibraryImport(Library, EntryPoint = "reference_real")]
    internal static partial void SetReal(nint director, int number, uint address, ulong mac);

    [LibraryImport(Library, EntryPoint = "reference_insert")]
    internal static partial int Insert(
        nint director, ulong addresses, ulong ports, int state, int real, uint deadline);

    [LibraryImport(Library, EntryPoint = "reference_batch")]
    internal static partial int Batch(nint director, byte* memory, int count, int length, uint now);

    private static string Here([CallerFilePath] string path = "") => System.IO.Path.GetDirectoryName(path)!;
}
