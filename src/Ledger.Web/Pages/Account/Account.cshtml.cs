using Ledger.Web.Access;
using Ledger.Web.Agreements;

namespace Ledger.Web.Pages;

/// <summary>Who the reader is to the Ledger, and what they may do.</summary>
internal sealed class AccountModel(AgreementReader agreements, IServiceProvider services) : LedgerPage
{
    /// <summary>The official name of the reader's agency today; null where they act for none.</summary>
    public string? AgencyName { get; private set; }

    /// <summary>Whether the Ledger itself gives out tokens for trying out.</summary>
    public bool HasDevelopmentTokens => services.GetService<DevelopmentIssuer>() is not null;

    /// <summary>Asks for a token that stands for the reader.</summary>
    public string TokenRequest => $$"""
        curl -X POST {{Request.Scheme}}://{{Request.Host}}/dev/tokens \
          -H 'Content-Type: application/json' \
          -d '{{System.Text.Json.JsonSerializer.Serialize(new { name = Caller.Name, agency = Caller.Agency, roles = Caller.Roles.Order(StringComparer.Ordinal) }, StoredJson.OnOneLine)}}'
        """;

    public async Task OnGet()
    {
        if (Caller.Agency is { } agency)
            AgencyName = (await agreements.AgenciesNow(HttpContext.RequestAborted)).NameOn(agency, agreements.Today, Words.Language);
    }
}
