namespace Ledger.Domain;

/// <summary>An official name in the languages of the ledger.</summary>
/// <param name="En">In English.</param>
/// <param name="Fr">In French.</param>
/// <param name="Ru">In Russian.</param>
public sealed record Translations(string? En = null, string? Fr = null, string? Ru = null)
{
    /// <summary>The name in the language (<c>en</c>, <c>fr</c> or <c>ru</c>), where it is known.</summary>
    public string? In(string language) => language switch { "en" => En, "fr" => Fr, "ru" => Ru, _ => null };
}
