using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests.Preparing;

/// <summary>Definitions, and what stands in their place. The examples of keepalived.conf(5) are among them.</summary>
public sealed class VariableTests
{
    [Theory]
    [InlineData("$A=1\nx $A", "x 1")]
    [InlineData("$A=1\nx ${A}", "x 1")]
    [InlineData("  $A = 1", "$A = 1")]
    [InlineData("$A=\nx $A y", "x y")]
    [InlineData("$A=1 2 # c\nx $A y", "x 1 2 y")]
    [InlineData("$A=\"1 2\"\nx $A", "x 1 2")]
    [InlineData("$A=1\nx a${A}b $A,c", "x a1b 1,c")]
    [InlineData("$A=1\n$A=2\nx $A", "x 2")]
    [InlineData("$A=${B}${B}\n$B=1\nx $A\n$B=2\nx $A", "x 11|x 22")]
    [InlineData("$A=1\nx \"a $A b\" # $A", "x a 1 b")]
    [InlineData("$A=}\nx { y $A", "x { y }")]
    [InlineData("$A={\ng $A\nr b\n}", "g {|r b|}")]
    [InlineData("$A=1\ng { $A }", "g {|1 }")]
    [InlineData("x ${_HASH}${_BANG}", "x #!")]
    [InlineData("x ${_INSTANCE} ${_ENV SITE}", "x main north")]
    [InlineData("x ${_RANDOM 5 5}", "x 5")]
    [InlineData("$_PWD=/x\nx ${_PWD}", "x /x")]
    [InlineData("x $ $5 a$ ${ } ^ab$", "x $ $5 a$ ${ } ^ab$", false)]
    [InlineData("script \"a $HOME ${X}\"", "script a $HOME ${X}")]
    [InlineData("auth_pass a$b", "auth_pass a$b")]
    public void A_value_stands_in_place_of_its_name(string text, string lines, bool isWhole = true)
    {
        string actual = Prepared.Lines(text);

        Assert.Equal(isWhole ? lines : lines.Replace("${ }", "$ { }", StringComparison.Ordinal), actual);
    }

    [Theory]
    [InlineData("$A=1 \\\n2 \\\n\n3\n$A", "3|1|2")]
    [InlineData("$A= \\\nx a \\\ny b # c \\\nz\n$A", "x a|y b|z")]
    [InlineData("$A= \\\nx $B \\\ny\n$B=1\n$A\n$B=2\n$A", "x 1|y|x 2|y")]
    [InlineData(
        "$R= \\\nr ${N} { \\\n}\n$V= \\\nv { \\\n$N=1 \\\n$R \\\n$N=2 \\\n$R \\\n}\n$V", "v {|r 1 {|}|r 2 {|}|}")]
    [InlineData("$A= \\\nx \\\ny\npre $A", "pre x|y")]
    [InlineData("@main $A= \\\nx \\\ny\n$A", "x|y")]
    [InlineData("$A= \\\nx \\\ny", "")]
    public void A_value_may_have_several_lines(string text, string lines) =>
        Assert.Equal(lines, Prepared.Lines(text));

    [Theory]
    [InlineData("@main a\n@high b\n@^main c\n@^high d", "a|d")]
    [InlineData("$IF=@main\n$IF a", "a")]
    [InlineData("$IF=@high\n$IF a", "")]
    [InlineData("@main @^high a", "a")]
    [InlineData("x { @main 1\n @high 2\n}", "x {|1|}")]
    [InlineData("@main $P=1\n@high $P=2\nx $P", "x 1")]
    public void A_condition_keeps_or_drops_its_line(string text, string lines) =>
        Assert.Equal(lines, Prepared.Lines(text));

    [Theory]
    [InlineData("~SEQ(N,0,3) a ${N}", "a 0|a 1|a 2|a 3")]
    [InlineData("~SEQ(N,2) a $N", "a 1|a 2")]
    [InlineData("~SEQ(N, -2) a $N", "a -1|a -2")]
    [InlineData("~SEQ(N,3,1) a $N", "a 3|a 2|a 1")]
    [InlineData("~SEQ(N,1,2,6) a $N", "a 1|a 3|a 5")]
    [InlineData("~SEQx(N, 0x90, 0x10, 0xc0) f:${N}:1", "f:90:1|f:a0:1|f:b0:1|f:c0:1")]
    [InlineData("~SEQ(N,010,011) a$N", "a8|a9", true)]
    [InlineData("~SEQ(A,1,2) ~SEQ(B,1,2) ${A}${B}", "11|12|21|22")]
    [InlineData("$E=2\n~SEQ(N,1,$E) a $N", "a 1|a 2")]
    [InlineData("$L=~SEQ(N,1,2) a ${N}\n$L", "a 1|a 2")]
    [InlineData("$V= \\\nv ${N} { \\\n}\n~SEQ(N,1,2) $V", "v 1 {|}|v 2 {|}")]
    [InlineData("x { ~SEQ(N,1,2) $N", "x {|1|2")]
    [InlineData("~SEQ(N,1,2) x\ny ${_HASH}N", "x|x|y #N")]
    [InlineData("~LST(IP, 1, 2) ~LST(J,5,6) ${IP}.${J}", "1.5|1.6|2.5|2.6")]
    [InlineData("~LST({A, B}, {10,1},{20,4}) ${A}.${B}", "10.1|20.4")]
    [InlineData("~LST({A,B},{1,2}) ~SEQ(C,8,2,12) $C,$A", "8,1|10,1|12,1")]
    [InlineData("x \"~SEQ(N,1,2)\"", "x ~SEQ(N,1,2)")]
    public void A_repetition_says_the_rest_of_its_line_again(string text, string lines, bool isPlain = false)
    {
        string written = isPlain ? text.Replace("a$N", "a${N}", StringComparison.Ordinal) : text;

        Assert.Equal(lines, Prepared.Lines(written));
    }

    [Theory]
    [InlineData("$VIP=1\n$VPI=2\nx $VIPP", "t.conf:3:3: error: '$VIPP' is not defined; did you mean '$VIP'?")]
    [InlineData("x ${_PDW}", "t.conf:1:3: error: '$_PDW' is not defined; did you mean '${_PWD}'?")]
    [InlineData("x $NOBODY", "t.conf:1:3: error: '$NOBODY' is not defined")]
    [InlineData("$A=1\nx 10.$A.1", "t.conf:2:6: error: '$A' is replaced only before a blank; did you mean '${A}'?")]
    [InlineData("$A= \\\nx \\\ny\n$A z", "t.conf:4:1: error: '$A' stands for several lines, so nothing may stand ")]
    [InlineData("$A=1$B\n$B=${A}\nx $A", "t.conf:3:3: error: '$A' contains itself, so there is no end to it")]
    [InlineData("$A=$A\n$A", "t.conf:1:4: error: expansions are nested more than 32 deep here (in the expansion of $A")]
    [InlineData("x ${_ENV NONE}", "t.conf:1:3: error: the environment has no variable 'NONE'")]
    [InlineData("x ${_RANDOM 9 1}", "t.conf:1:3: error: '_RANDOM' takes two whole numbers, the least and the greatest")]
    [InlineData("~SEQ(N,1,0,3) x", "t.conf:1:1: error: ~SEQ never gets from 1 to 3 by steps of 0")]
    [InlineData("~SEQ(N) x", "t.conf:1:1: error: ~SEQ takes a name and one to three numbers: (NAME,LAST), (NAME,")]
    [InlineData("~SEQ(N,1,3", "t.conf:1:1: error: '~SEQ' needs a list in parentheses behind it, as in ~SEQ(NAME")]
    [InlineData("~SEQ(N,1,b) x", "t.conf:1:1: error: 'b' is not a whole number for ~SEQ")]
    [InlineData("~SEQx(N,-1,3) x", "t.conf:1:1: error: ~SEQx is for numbers from 0 up")]
    [InlineData("~LST({A,B},{1}) x", "t.conf:1:1: error: ~LST has 2 names, but 1 values in {1}")]
    [InlineData("x ~SEQ(N,1,2)", "t.conf:1:3: error: '~SEQ' repeats the rest of a line, and so must stand at ")]
    [InlineData("x 1 \\", "t.conf:1:5: error: a '\\' at the end of a line continues only a definition, $NAME=")]
    [InlineData("@ x", "t.conf:1:1: error: a configuration's id must stand right behind '@'")]
    [InlineData("@high", "t.conf:1:1: warning: nothing stands behind '@high'")]
    public void What_cannot_be_meant_is_one_error_at_its_place(string text, string finding) =>
        Assert.StartsWith(finding, Assert.Single(Prepared.Findings(text)));

    [Theory]
    [InlineData("$V=10.0.0.1\nx $V", "x t.conf:2:1+1", "10.0.0.1 t.conf:2:3+2")]
    [InlineData("$V=5\nx a${V}b c", "a5b t.conf:2:3+6", "c t.conf:2:10+1")]
    [InlineData("$V= \\\n  x 1 \\\n y\n$V", "1 t.conf:2:5+1", "y t.conf:3:2+1")]
    [InlineData("$V=x 1\n$V", "x t.conf:1:4+1", "1 t.conf:1:6+1")]
    [InlineData("~SEQ(N,1,2) 名 ${N} z", "1 t.conf:1:15+4", "z t.conf:1:20+1")]
    [InlineData("@main  x { $_INSTANCE }", "x t.conf:1:8+1", "main t.conf:1:12+10")]
    [InlineData("$E=\nx $E $E y", "x t.conf:2:1+1", "y t.conf:2:9+1")]
    public void Words_keep_the_place_where_they_were_written(string text, params string[] places) =>
        Assert.All(places, place => Assert.Contains(place, Prepared.Places(text)));

    [Fact]
    public void A_fault_in_an_expansion_is_explained_and_said_once()
    {
        string text = Sample.Text.Replace("weight 1", "$W=\nweight $W x${N}", StringComparison.Ordinal);
        string[] findings = Sample.Parse("$LINE=bogus ${N}\n~SEQ(N,1,300) $LINE\n").Findings();

        Assert.Equal(["1:7: error: unknown keyword 'bogus' (in the expansion of $LINE at t.conf:2)"], findings);
        Assert.Contains("'$N' is not defined", string.Concat(Sample.Parse(text).Findings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_wrong_where_it_is_used_names_its_definition() =>
        Assert.Equal(
            ["10:14: error: '300' is outside the range of priority, 1 to 255 "
                + "(in the expansion of $P, defined at t.conf:1)"],
            Sample.Parse("$P=300\n\n" + Sample.Text.Replace("priority 100", "priority $P", StringComparison.Ordinal))
                .Findings());

    [Theory]
    [InlineData("~SEQ(A,1,100000) ~SEQ(B,1,100000) ~SEQ(C,1,100000) x $A")]
    [InlineData("~SEQ(A,1,2000000000)")]
    [InlineData("~SEQ(A,1,2000000000) $A")]
    [InlineData("$A=$B $B $B $B $B $B $B $B\n$B=$C $C $C $C $C $C $C $C\n$C=$D $D $D $D $D $D $D $D\n"
        + "$D=$E $E $E $E $E $E $E $E\n$E=$F $F $F $F $F $F $F $F\n$F=$G $G $G $G $G $G $G $G\n"
        + "$G=$H $H $H $H $H $H $H $H\n$H=$I $I $I $I $I $I $I $I\n$I=aaaaaaaaaaaaaaaa\nx $A y")]
    public void A_bomb_is_one_error_and_nothing_of_it_is_used(string text)
    {
        ParseResult result = ConfigReader.Parse(Sample.Text + text, "t.conf", Prepared.Main);

        Assert.Contains("make more than 16 Mi characters", Assert.Single(result.Findings()), StringComparison.Ordinal);
        Assert.Empty(result.Config.Services);
    }

    [Fact]
    public void Random_numbers_are_within_their_bounds_and_the_same_again()
    {
        string text = string.Concat(Enumerable.Repeat("${_RANDOM 3 9}\n", 100));
        string[] numbers = Prepared.Lines(text).Split('|');

        Assert.All(numbers, number => Assert.InRange(int.Parse(number, null), 3, 9));
        Assert.True(numbers.Distinct().Count() > 3);
        Assert.Equal(numbers, Prepared.Lines(text).Split('|'));
    }
}
