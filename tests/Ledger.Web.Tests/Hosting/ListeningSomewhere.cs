using Ledger.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Ledger.Web.Tests.Hosting;

public class ListeningSomewhere
{
    [Fact]
    public void without_configuration_it_listens_on_port_5080() => Assert.Equal("http://localhost:5080", AddressesOf());

    [Theory]
    [InlineData("urls", "http://localhost:1", "http://localhost:1")]
    [InlineData("http_ports", "8080", null)]
    [InlineData("https_ports", "8443", null)]
    [InlineData("Kestrel:Endpoints:Own:Url", "http://localhost:1", null)]
    public void a_configured_address_stands(string key, string value, string? addresses) =>
        Assert.Equal(addresses, AddressesOf((key, value)));

    private static string? AddressesOf(params (string Key, string Value)[] settings)
    {
        // Without the environment variables of the machine that the tests run on.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddConfiguration(TemporaryData.Configured(settings));
        builder.UseDefaultAddress();
        return builder.Configuration[WebHostDefaults.ServerUrlsKey];
    }
}
