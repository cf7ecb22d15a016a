using Ledger.Web.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Web.Pages;

/// <summary>Signs a person in: at their authority, or in Development as one of a few made up for trying out.</summary>
[AllowAnonymous]
internal sealed class SignInModel(IServiceProvider services) : LedgerPage
{
    private readonly bool _isDevelopment = services.GetService<DevelopmentIssuer>() is not null;

    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    [BindProperty(SupportsGet = true, Name = "failed")]
    public bool HasFailed { get; set; }

    [BindProperty(SupportsGet = true, Name = "signedOut")]
    public bool IsSignedOut { get; set; }

    /// <summary>The people to choose from; none where people sign in at their authority.</summary>
    public IReadOnlyList<Caller> People => _isDevelopment ? DevelopmentPeople.All : [];

    public string Describe(Caller person) =>
        person.IsRegistrar ? Words["signIn.registrar"] : person.IsAuditor ? Words["signIn.auditor"] : Words.Format("signIn.officerOf", person.Agency);

    public async Task<IActionResult> OnPost(string? person)
    {
        var next = Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/agreements";
        if (!_isDevelopment)
            return Challenge(new AuthenticationProperties { RedirectUri = next }, OpenIdConnectDefaults.AuthenticationScheme);
        if (People.FirstOrDefault(p => p.Subject == person) is not { } chosen)
        {
            Errors.Add("person", Words["signIn.choose"]);
            return Page();
        }

        await PageSignIn.Begin(HttpContext, chosen);
        return LocalRedirect(next!);
    }
}

/// <summary>The people of a Ledger that runs for trying out.</summary>
internal static class DevelopmentPeople
{
    /// <summary>An officer of each side of the founding meeting, a registrar and an auditor.</summary>
    public static IReadOnlyList<Caller> All { get; } =
    [
        Person("Claire Morel", "CNES", Roles.Officer),
        Person("Ivan Petrov", "ROSCOSMOS", Roles.Officer),
        Person("Rita Registrar", null, Roles.Registrar),
        Person("Otto Auditor", null, Roles.Auditor),
    ];

    private static Caller Person(string name, string? agency, string role) => new(DevelopmentIssuer.SubjectOf(name, agency), name, agency, [role]);
}
