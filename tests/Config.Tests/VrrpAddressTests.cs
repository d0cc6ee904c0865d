using System.Linq;
using System.Text;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Passwords and virtual addresses.</summary>
public sealed class VrrpAddressTests
{
    [Theory]
    [InlineData("12345678", "12345678", 0)]
    [InlineData("123456789", "12345678", 1)]
    [InlineData("密码密", "密码", 1)]
    [InlineData("\"a b!#\"", "a b!#", 0)]
    public void A_password_has_eight_octets(string written, string start, int errors)
    {
        ParseResult result = Sample.With("auth_pass 1111", $"auth_pass {written}");

        Assert.Equal(errors, result.Diagnostics.Length);
        Assert.Equal(errors > 0, result.HasErrors);
        Assert.Equal(8, result.Instance().Password.Length);
        Assert.StartsWith(start, Encoding.UTF8.GetString(result.Instance().Password.AsSpan()));
    }

    [Theory]
    [InlineData("Test123!", "Test123", 1)]
    [InlineData("Te#st", "Te", 1)]
    [InlineData("Test123 ! x", "Test123", 0)]
    public void A_comment_sign_that_cuts_a_password_is_noticed(string written, string taken, int notices)
    {
        ParseResult result = Sample.With("auth_pass 1111", $"auth_pass {written}");

        Assert.Equal(notices, result.Findings().Count(text =>
            text.StartsWith("12:19: warning: '!' and '#' start a comment", System.StringComparison.Ordinal)));
        Assert.Equal(taken, Encoding.UTF8.GetString(result.Instance().Password.AsSpan()).TrimEnd('\0'));
    }

    [Theory]
    [InlineData("        auth_type PASS\n", "10:5: error: there is no 'auth_type PASS', so nothing is authenticated")]
    [InlineData("        auth_pass 1111\n", "10:5: error: there is no 'auth_pass', so nothing is authenticated")]
    public void Half_an_authentication_is_none_and_an_error(string missing, string error)
    {
        ParseResult result = Sample.With(missing, "");

        Assert.Equal([error], result.Findings());
        Assert.Empty(result.Instance().Password);
    }

    [Fact]
    public void Without_authentication_there_is_no_password()
    {
        ParseResult result = Sample.With(
            "    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }\n", "");

        Assert.Empty(result.Diagnostics);
        Assert.Empty(result.Instance().Password);
    }

    [Fact]
    public void An_address_is_read_with_all_its_options()
    {
        ParseResult result = Sample.With(
            "192.168.5.100\n", "192.168.5.100/24 brd 192.168.5.255 dev ens34 scope link label ens34:1\n");

        VirtualAddress address = result.Instance().Addresses[0];
        Assert.Empty(result.Diagnostics);
        Assert.Equal((24, "192.168.5.255"), (address.PrefixLength, address.Broadcast.ToString()));
        Assert.Equal("ens34", address.Device);
        Assert.Equal(((byte)253, "ens34:1"), (address.Scope, address.Label));
    }

    [Theory]
    [InlineData("global", 0)]
    [InlineData("site", 200)]
    [InlineData("host", 254)]
    [InlineData("nowhere", 255)]
    [InlineData("17", 17)]
    public void A_scope_is_a_name_or_a_number(string scope, byte number)
    {
        ParseResult result = Sample.With("192.168.5.100\n", $"192.168.5.100 scope {scope}\n");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(number, result.Instance().Addresses[0].Scope);
    }

    [Theory]
    [InlineData("192.168.5.256", "error: '192.168.5.256' is not an IPv4 or IPv6 address", 1)]
    [InlineData("192.168.5.1-5", "error: '192.168.5.1-5' is not an IPv4 or IPv6 address", 1)]
    [InlineData("fe80::1", "error: fe80::1, of the other family than the advertised ad", 1)]
    [InlineData("fe80::1/64 dev ens33", "error: fe80::1, of the other family than the advertised ad", 1)]
    [InlineData("224.0.0.18", "error: '224.0.0.18' is not an address that a host can have", 1)]
    [InlineData("1.2.3.4/33", "error: '33' is outside the range of a prefix length, 0 to 32", 1)]
    [InlineData("1.2.3.4/255.255.255.0", "error: '255.255.255.0' is not a whole number; a prefix length takes", 1)]
    [InlineData("1.2.3.4 scoop link", "error: 'scoop' is not an option of an address; the rest of the line is ", 2)]
    [InlineData("1.2.3.4 label", "error: 'label' lacks its value", 2)]
    [InlineData("1.2.3.4 scope far", "error: 'far' is not a scope; global is taken", 2)]
    [InlineData("1.2.3.4 peer 1.2.3.5", "error: 'peer' is understood, but XdpLvs does not carry it out yet", 2)]
    [InlineData("1.2.3.4 1.2.3.5", "error: '1.2.3.5' is ignored: every address needs a line of its own", 2)]
    [InlineData("1.2.3.4 brd fe80::", "error: 'fe80::' is not an IPv4 address", 2)]
    [InlineData("$VIP", "error: '$VIP' is not defined", 1)]
    [InlineData("1.2.3.4 {\n x\n }", "error: an address does not open a block; the block is skipped", 2)]
    public void A_bad_address_is_an_error_and_the_others_stay(string line, string error, int addresses)
    {
        ParseResult result = Sample.With("192.168.5.100\n", $"192.168.5.100\n{line}\n");

        Assert.Contains(error, Assert.Single(result.Findings()));
        Assert.Equal(addresses, result.Instance().Addresses.Length);
    }

    [Fact]
    public void An_address_that_is_there_twice_counts_once()
    {
        ParseResult result = Sample.With("192.168.5.100\n", "192.168.5.100\n192.168.5.100/24\n");

        Assert.Equal(["16:1: warning: 192.168.5.100 is held by an instance already"], result.Findings());
        Assert.Equal(32, Assert.Single(result.Instance().Addresses).PrefixLength);
    }

    [Fact]
    public void Excluded_addresses_are_kept_apart()
    {
        ParseResult result = Sample.With("priority 100", "priority 100\nvirtual_ipaddress_excluded {\n10.0.0.1/8\n}");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(8, Assert.Single(result.Instance().ExcludedAddresses).PrefixLength);
        Assert.Single(result.Instance().Addresses);
    }

    [Fact]
    public void What_an_advert_cannot_carry_is_excluded()
    {
        string lines = string.Concat(Enumerable.Range(0, 300).Select(i => $"10.0.{i / 250}.{(i % 250) + 1}\n"));
        ParseResult result = Sample.With("192.168.5.100\n", "192.168.5.100\n" + lines);

        Assert.Contains("an advert carries 255 addresses", Assert.Single(result.Findings()));
        Assert.Equal((255, 46), (result.Instance().Addresses.Length, result.Instance().ExcludedAddresses.Length));
    }
}
