namespace Ledger.Web.Tests;

/// <summary>Says that a class holds tests of a route, such as <c>POST /api/v1/agreements/{id}/signatures</c>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CoversAttribute(string route) : Attribute
{
    /// <summary>The method and the pattern of the route.</summary>
    public string Route => route;
}
