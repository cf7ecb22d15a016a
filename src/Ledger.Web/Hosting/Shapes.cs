using System.Collections.Immutable;
using System.Text.RegularExpressions;
using FluentValidation;
using Ledger.Domain;
using Ledger.Domain.Days;

namespace Ledger.Web.Hosting;

/// <summary>The shapes that members of requests have in common, each with its sentence.</summary>
internal static partial class Shapes
{
    /// <summary>Whether a text is a code that an agency may have.</summary>
    public static bool IsCode(string? code) => code is not null && CodeShape().IsMatch(code);

    public static IRuleBuilderOptions<T, string> Text<T>(this IRuleBuilder<T, string> rule, int most) => rule
        .Must(text => !string.IsNullOrWhiteSpace(text)).WithMessage("Say something here; it cannot be left empty.")
        .Must(text => text is null || text.Length <= most).WithMessage($"This may have {most} characters at most.");

    public static IRuleBuilderOptions<T, string?> OptionalText<T>(this IRuleBuilder<T, string?> rule, int most) => rule
        .Must(text => text is null || !string.IsNullOrWhiteSpace(text)).WithMessage("Say something here, or leave it out.")
        .Must(text => text is null || text.Length <= most).WithMessage($"This may have {most} characters at most.");

    public static IRuleBuilderOptions<T, Day?> Day<T>(this IRuleBuilder<T, Day?> rule) =>
        rule.Must(day => day is not null).WithMessage("Say on which day: 2020-02-14, or 2020-02 or 2020 where no more is known.");

    public static IRuleBuilderOptions<T, string> Code<T>(this IRuleBuilder<T, string> rule) => rule
        .Must(code => code is not null).WithMessage("Name an agency by its code.")
        .Must(code => code is null || IsCode(code)).WithMessage("An agency's code has up to 40 capital letters, digits, dots, hyphens and underscores, such as CNES.");

    public static IRuleBuilderOptions<T, ImmutableArray<string>> Codes<T>(this IRuleBuilder<T, ImmutableArray<string>> rule, int most) => rule
        .Must(codes => codes.IsDefault || codes.Length <= most).WithMessage($"Name {most} agencies at most.")
        .Must(codes => codes.IsDefault || codes.All(IsCode))
        .WithMessage("An agency's code has up to 40 capital letters, digits, dots, hyphens and underscores, such as CNES.")
        .Must(codes => codes.IsDefault || codes.Distinct(StringComparer.Ordinal).Count() == codes.Length).WithMessage("Name each agency once.");

    public static IRuleBuilderOptions<T, ImmutableArray<string>> Texts<T>(this IRuleBuilder<T, ImmutableArray<string>> rule, int most, int longest) => rule
        .Must(texts => texts.IsDefault || texts.Length <= most).WithMessage($"There may be {most} of these at most.")
        .Must(texts => texts.IsDefault || texts.All(text => !string.IsNullOrWhiteSpace(text) && text.Length <= longest))
        .WithMessage($"None of these may be empty or longer than {longest} characters.");

    public static IRuleBuilderOptions<T, ImmutableArray<TItem>> AtMost<T, TItem>(this IRuleBuilder<T, ImmutableArray<TItem>> rule, int most) =>
        rule.Must(items => items.IsDefault || items.Length <= most).WithMessage($"There may be {most} of these at most.")
            .Must(items => items.IsDefault || items.All(item => item is not null)).WithMessage("None of these may be null.");

    public static IRuleBuilderOptions<T, Translations?> Names<T>(this IRuleBuilder<T, Translations?> rule, int longest) =>
        rule.Must(names => names is null || new[] { names.En, names.Fr, names.Ru }.All(name => name is null || (!string.IsNullOrWhiteSpace(name) && name.Length <= longest)))
            .WithMessage($"A name in a language is not empty and has {longest} characters at most.");

    public static IRuleBuilderOptions<T, string?> Country<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Matches(@"^[A-Z]{2}\z").WithMessage("A country is two capital letters (ISO 3166-1), such as FR.");

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9._-]{0,39}\z", RegexOptions.None, 1000)]
    private static partial Regex CodeShape();
}
