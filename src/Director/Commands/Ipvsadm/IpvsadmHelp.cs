namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>What xdplvs ipvsadm says about itself.</summary>
internal static class IpvsadmHelp
{
    /// <summary>As ipvsadm's, so that scripts which look for a version find one.</summary>
    internal const string Version = "ipvsadm v1.31 2019/12/24 (compiled with xdplvs and IPVS v1.2.1)\n";

    /// <summary>For -h and --help.</summary>
    internal const string Text = """
        xdplvs ipvsadm: the running director's services and connections, as ipvsadm 1.31 shows the kernel's.
        Options, columns, complaints and exit codes are ipvsadm's, so that what reads ipvsadm reads this.

        Usage:
          xdplvs ipvsadm -L|-l [virtual-service] [options]    services and real servers
          xdplvs ipvsadm -L -c [options]                      connections
          xdplvs ipvsadm -S [-n]                              services as commands that ipvsadm -R would read
          xdplvs ipvsadm -Z [virtual-service]                 counters of all services, or of one, begin at 0
          xdplvs ipvsadm --set TCP TCPFIN UDP                 timeouts in seconds until the next start; 0 keeps one
          xdplvs ipvsadm -h | -v                              this text; the version
        The command comes first: -Ln, not -nL. Without any, everything is listed.

        virtual-service:
          -t, --tcp-service HOST[:PORT]     -u, --udp-service HOST[:PORT]     --sctp-service HOST[:PORT]
          An IPv6 address goes into brackets: [2001:db8::1]:80. HOST and PORT may be names.

        Options of -L, in columns:
          (none)               way of forwarding (Route, always), weight, connections: ActiveConn are established,
                               or asked for; InActConn are all others
          --stats              connections, packets and octets to each real server since -Z or the start; Out is 0,
                               because answers go to the client directly
          --rate               the same per second, as IPVS estimates it: over about eight seconds
          --thresholds         limits of connections of each real server
          --persistent-conn    clients that stay with each real server
          --tun-info           always n/a: nothing is tunnelled
        and otherwise:
          -n, --numeric        numbers, no names. Without it, each address is looked up in DNS, and that takes time
          -c, --connection     connections: protocol, time left (minutes:seconds), state, client, service, server.
                               A client port of 0 is a client that stays with its real server (persistence)
          -X, --exact          whole numbers, not 123K, 123M, 123G or 123T
          --timeout            timeouts of connections: after data, after a FIN, of UDP
          --daemon             nothing: connections are not synchronised
          --sort, --nosort     by protocol, address and port, as always; or services in the configuration's order and
                               real servers as a scheduler walks them, the last added first
          --control PATH       unix socket of the daemon. Default: $XDPLVS_CONTROL, or /run/xdplvs/control.sock

        -A -E -D -C -R -a -e -d are refused: services and real servers come from the configuration file alone.

        Exit code 0: fine; 1: no such service, or no daemon answers; 2 or 255: the words cannot be understood.

        Examples:
          xdplvs ipvsadm -Ln                                  what there is, and who is in service
          xdplvs ipvsadm -Ln --stats --exact -t 10.0.0.1:80   one service's traffic
          xdplvs ipvsadm -Lnc | grep SYN_RECV                 who has asked and not come back
          watch -n 2 xdplvs ipvsadm -Ln --rate                the load now

        """;
}
