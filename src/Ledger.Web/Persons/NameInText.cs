using System.Text.RegularExpressions;
using Ledger.Domain.Persons;

namespace Ledger.Web.Persons;

/// <summary>A person's name where it stands in a text, as whole words and in whatever case.</summary>
internal sealed class NameInText(string name)
{
    private readonly Regex _name = new($@"(?<!\w){Regex.Escape(Commitment.Canonical(name))}(?!\w)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    /// <summary>Whether the text holds the name.</summary>
    public bool IsIn(string text) => _name.IsMatch(Commitment.Canonical(text));

    /// <summary>The text without it.</summary>
    public string Without(string text) => _name.Replace(Commitment.Canonical(text), "").Trim();
}
