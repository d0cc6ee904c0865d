using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>What became of an instance or a sync group: for notify scripts, mails and whoever else asks.</summary>
/// <param name="Name">Of the instance or the group.</param>
/// <param name="IsGroup">Which of the two.</param>
/// <param name="What">From what to what, and why.</param>
internal readonly record struct VrrpNotice(string Name, bool IsGroup, Notice What);
