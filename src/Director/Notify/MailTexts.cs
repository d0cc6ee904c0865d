namespace XdpLvs.Director.Notify;

/// <summary>keepalived's mails, word for word: filters sort by them.</summary>
internal static class MailTexts
{
    /// <summary>A check changed a real server.</summary>
    /// <param name="routerId">router_id.</param>
    /// <param name="realServer">"[192.168.5.103]:tcp:80".</param>
    /// <param name="virtualServer">"[192.168.5.100]:tcp:80".</param>
    /// <param name="isUp">Whether the real server is up now.</param>
    /// <param name="text">What the check says, see <see cref="Checks.CheckLog.Mail"/>.</param>
    internal static Mail RealServer(string routerId, string realServer, string virtualServer, bool isUp, string text) =>
        new($"[{routerId}] Realserver {realServer} of virtual server {virtualServer} - {State(isUp)}", text);

    /// <summary>A virtual server gained or lost its quorum, or started with or without it.</summary>
    /// <param name="routerId">router_id.</param>
    /// <param name="virtualServer">"[192.168.5.100]:tcp:80".</param>
    /// <param name="isUp">Whether it has its quorum.</param>
    /// <param name="isStart">Whether the daemon has just started.</param>
    /// <param name="quorum">As configured.</param>
    /// <param name="hysteresis">As configured.</param>
    /// <param name="weight">What its real servers weigh now.</param>
    internal static Mail VirtualServer(
        string routerId, string virtualServer, bool isUp, bool isStart, int quorum, int hysteresis, int weight)
    {
        string what = (isUp, isStart) switch
        {
            (true, true) => "Starting with quorum up",
            (false, true) => "Starting with quorum down",
            (true, false) => "Gained quorum",
            (false, false) => "Lost quorum",
        };
        int threshold = isUp ? quorum + hysteresis : quorum - hysteresis;
        return new Mail(
            $"[{routerId}] Virtualserver {virtualServer} - {State(isUp)}",
            $"=> {what} {quorum}+{hysteresis}={threshold} <= {weight} <="); // keepalived's sum, also where it is none
    }

    /// <summary>The daemon stops and a virtual server with it (omega).</summary>
    internal static Mail VirtualServerStopping(string routerId, string virtualServer) =>
        new($"[{routerId}] Virtualserver {virtualServer} - DOWN", "=> Shutting down <=");

    /// <summary>A VRRP instance changed its state.</summary>
    /// <param name="routerId">router_id.</param>
    /// <param name="instance">Its name.</param>
    /// <param name="state">MASTER, BACKUP, FAULT or STOP.</param>
    internal static Mail Instance(string routerId, string instance, string state) => state switch
    {
        "MASTER" => Vrrp($"[{routerId}] VRRP Instance {instance}", state, "VRRP Instance is now owning VRRP VIPs"),
        "STOP" => new Mail($"[{routerId}] VRRP Instance {instance} - Stopping", "=> VRRP Instance stopping <="),
        _ => Vrrp($"[{routerId}] VRRP Instance {instance}", state, "VRRP Instance is no longer owning VRRP VIPs"),
    };

    /// <summary>A sync group changed its state.</summary>
    internal static Mail Group(string routerId, string group, string state) => Vrrp(
        $"[{routerId}] VRRP Group {group}", state, $"All VRRP group instances are now in {state} state");

    private static Mail Vrrp(string who, string state, string text) =>
        new($"{who} - Entering {state} state", $"=> {text} <=");

    private static string State(bool isUp) => isUp ? "UP" : "DOWN";
}
