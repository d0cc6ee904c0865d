using System;
using System.IO;
using Xunit;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Tests.Scripts;

/// <summary>Which scripts may run, and what the operator is told of the others.</summary>
public sealed class ScriptSecurityTests : IDisposable
{
    private const UnixFileMode OwnersAlone = (UnixFileMode)0b111_101_101, Everybodys = (UnixFileMode)0b111_111_111;

    private readonly ScriptFolder _folder = new();
    private readonly Script _script;

    public ScriptSecurityTests()
    {
        _script = _folder.Shell("exit 0");
        File.SetUnixFileMode(_folder.Path, OwnersAlone);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_script_that_only_root_can_change_is_safe()
    {
        SkipUnlessRoot();

        ScriptFinding finding = ScriptSecurity.Inspect(_script, "notify", enforced: true);

        Assert.Equal(_script, finding.Script);
        Assert.False(finding.IsInsecure);
        Assert.Empty(finding.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_others_can_write_or_replace_does_not_run_as_root(bool replace)
    {
        SkipUnlessRoot();
        File.SetUnixFileMode(replace ? _folder.Path : _script.Path, Everybodys);

        ScriptFinding finding = ScriptSecurity.Inspect(_script, "track", enforced: true);

        Assert.Null(finding.Script);
        Assert.True(finding.IsInsecure);
        Assert.Equal(
            [
                $"Unsafe permissions found for script '{_script.Path}' - disabling.",
                $"Disabling track script {_script.Path} due to insecure",
            ],
            finding.Lines);
    }

    [Fact]
    public void Unless_security_is_enforced_it_runs_with_a_loud_warning()
    {
        SkipUnlessRoot();
        File.SetUnixFileMode(_script.Path, Everybodys);

        ScriptFinding finding = ScriptSecurity.Inspect(_script, "track", enforced: false);

        Assert.Equal(_script, finding.Script);
        Assert.Contains(
            "SECURITY VIOLATION - scripts are being executed but script_security not enabled.", finding.Lines);
    }

    [Fact]
    public void A_folder_of_somebody_else_makes_it_unsafe()
    {
        SkipUnlessRoot();
        Assert.True(ScriptUser.TryFind("nobody", null, out ScriptUser? nobody, out _));
        Chown(_folder.Path, nobody.UserId);

        Assert.Null(ScriptSecurity.Inspect(_script, "notify", enforced: true).Script);
    }

    [Fact]
    public void What_does_not_run_as_root_needs_no_protection()
    {
        SkipUnlessRoot();
        Assert.True(ScriptUser.TryFind("nobody", null, out ScriptUser? nobody, out _));
        File.SetUnixFileMode(_folder.Path, Everybodys);

        Assert.NotNull(ScriptSecurity.Inspect(_script with { User = nobody }, "notify", enforced: true).Script);
    }

    [Fact]
    public void A_safe_link_to_an_unsafe_script_is_unsafe()
    {
        SkipUnlessRoot();
        string link = Path.Combine(_folder.Path, "link");
        string unsafeFolder = Directory.CreateDirectory(Path.Combine(_folder.Path, "open")).FullName;
        File.SetUnixFileMode(unsafeFolder, Everybodys);
        string target = Path.Combine(unsafeFolder, "target.sh");
        File.Copy(_script.Path, target);
        File.CreateSymbolicLink(link, target);

        Assert.True(ScriptSecurity.IsSafe(_script.Path));
        Assert.False(ScriptSecurity.IsSafe(link));
    }

    [Fact]
    public void A_script_that_is_not_there_is_disabled()
    {
        Script none = _script with { Arguments = ["/nowhere/at-all"] };

        ScriptFinding finding = ScriptSecurity.Inspect(none, "notify", enforced: false);

        Assert.Null(finding.Script);
        Assert.False(finding.IsInsecure);
        Assert.Equal("Disabling notify script /nowhere/at-all since not found/accessible", finding.Lines[^1]);
    }

    [Fact]
    public void A_script_that_its_user_cannot_execute_is_disabled()
    {
        File.SetUnixFileMode(_script.Path, UnixFileMode.UserRead);

        ScriptFinding finding = ScriptSecurity.Inspect(_script, "notify", enforced: false);

        Assert.Null(finding.Script);
        Assert.Contains(
            finding.Lines, line => line.Contains("is not executable for uid:gid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_bare_name_is_looked_up_with_a_warning()
    {
        ScriptFinding finding = ScriptSecurity.Inspect(
            _script with { Arguments = ["true", "word"] }, "notify", enforced: false);

        Assert.True(Path.IsPathRooted(finding.Script!.Path));
        Assert.Equal("word", finding.Script.Arguments[^1]);
        Assert.StartsWith(
            "WARNING - script `true` resolved by path search to `", finding.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_or_group_that_does_not_exist_is_named()
    {
        Assert.False(ScriptUser.TryFind("nobody-at-all", null, out _, out string? fault));
        Assert.Equal("unable to resolve script user 'nobody-at-all'", fault);
        Assert.False(ScriptUser.TryFind("nobody", "none-at-all", out _, out fault));
        Assert.Equal("unable to resolve script group 'none-at-all'", fault);
    }

    private static void SkipUnlessRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: files that belong to root");

    private static void Chown(string path, uint user)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [$"{user}", path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }
}
