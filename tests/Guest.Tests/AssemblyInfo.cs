using XdpLvs.Guest.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(GuestRun))]
