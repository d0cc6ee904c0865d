using System.Collections.Generic;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>
/// Takes a command line apart as libpopt does: "-Lnt ADDRESS", "-tADDRESS", "-t=ADDRESS", "--tcp-service=ADDRESS" and
/// "--tcp-service ADDRESS" are all understood, "--" ends the options, and what is no option may stand anywhere.
/// </summary>
/// <remarks>popt(3), poptGetNextOpt; the complaints are poptStrerror's.</remarks>
internal sealed class IpvsadmWords(IReadOnlyList<string> words)
{
    private int _next;
    private int _letter;
    private bool _onlyArguments;

    /// <summary>What was no option so far, in its order.</summary>
    internal Queue<string> Arguments { get; } = [];

    /// <summary>What is wrong with the words, when <see cref="TryTake"/> ended because of it.</summary>
    internal string? Complaint { get; private set; }

    /// <summary>The word taken last: what complaints quote.</summary>
    internal string Last => words[_next - 1];

    /// <summary>Takes the next option; false at the end, or when there is something wrong.</summary>
    internal bool TryTake(out IpvsadmWord option, out string? argument)
    {
        if (_letter > 0)
        {
            return TryTakeLetter(out option, out argument);
        }

        while (_next < words.Count)
        {
            string word = words[_next++];
            if (_onlyArguments || word.Length < 2 || word[0] != '-')
            {
                Arguments.Enqueue(word);
            }
            else if (word == "--")
            {
                _onlyArguments = true;
            }
            else if (word[1] == '-')
            {
                return TryTakeLong(word[2..], out option, out argument);
            }
            else
            {
                _letter = 1;
                return TryTakeLetter(out option, out argument);
            }
        }

        (option, argument) = (null!, null);
        return false;
    }

    private bool TryTakeLong(string text, out IpvsadmWord option, out string? argument)
    {
        int equals = text.IndexOf('=');
        argument = equals >= 0 ? text[(equals + 1)..] : null;
        return TryFind(IpvsadmWord.Find(equals >= 0 ? text[..equals] : text), out option)
            && (option.Use == ArgumentUse.None
                ? argument is null || Complain("option does not take an argument")
                : TryFollow(option, ref argument));
    }

    private bool TryTakeLetter(out IpvsadmWord option, out string? argument)
    {
        string word = words[_next - 1];
        argument = null;
        if (!TryFind(IpvsadmWord.Find(word[_letter++]), out option))
        {
            return false;
        }

        bool ends = _letter == word.Length;
        if (option.Use == ArgumentUse.None)
        {
            _letter = ends ? 0 : _letter;
            return true;
        }

        if (!ends)
        {
            argument = word[(word[_letter] == '=' ? _letter + 1 : _letter)..];
        }

        _letter = 0;
        return TryFollow(option, ref argument);
    }

    private bool TryFind(IpvsadmWord? found, out IpvsadmWord option)
    {
        option = found!;
        return found is not null || Complain("unknown option");
    }

    private bool TryFollow(IpvsadmWord option, ref string? argument)
    {
        bool mayStay = option.Use == ArgumentUse.Optional;
        if (argument is not null || (mayStay && (_next == words.Count || words[_next].StartsWith('-'))))
        {
            return true;
        }

        if (_next == words.Count)
        {
            return Complain("missing argument");
        }

        argument = words[_next++];
        return true;
    }

    private bool Complain(string why)
    {
        Complaint = $"{Last}: {why}";
        return false;
    }
}
