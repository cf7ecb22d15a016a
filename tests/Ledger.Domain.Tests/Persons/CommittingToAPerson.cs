using System.Text;
using Ledger.Domain.Persons;

namespace Ledger.Domain.Tests.Persons;

// The expected digests were computed with GNU coreutils, for example:
// { printf 'ledger.person.name.v1\0'; printf '000102030405060708090a0b0c0d0e0f' | xxd -r -p; printf 'Jean-Yves Le Gall'; } | sha256sum
public class CommittingToAPerson
{
    private static readonly byte[] Salt = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    [Theory]
    [InlineData(Commitment.NameLabel, "Jean-Yves Le Gall", "1961d84e3b4b3a179412126794628b5400691b718387948afde31c50ed7852d0")]
    [InlineData(Commitment.OfficeLabel, "Jean-Yves Le Gall", "a4223124a271be8c07291bfb92feeebef15080315ca436f588e77b67a9cce50f")]
    [InlineData(Commitment.NameLabel, "Дмитрий Рогозин", "947745a87033c5dcda020d1970de7d017af368de5ef89557a0ad8321f78e45e0")]
    [InlineData(Commitment.NameLabel, "", "d23418548cccd414628e0645b848e6883f3ceea612563b3605357398a608b7cc")]
    public void a_commitment_is_the_digest_of_label_salt_and_value(string label, string value, string digest) =>
        Assert.Equal(digest, Commitment.To(label, Salt, value));

    [Fact]
    public void another_salt_gives_another_commitment() =>
        Assert.Equal("29f3a171cb43c9de8118f6013edafb30b51c541fc4fea7f6a5d5e9c37eb1e8a2", Commitment.To(Commitment.NameLabel, new byte[16], "Jean-Yves Le Gall"));

    [Fact]
    public void one_name_written_in_two_ways_has_one_commitment() => Assert.Equal(
        Commitment.To(Commitment.NameLabel, Salt, "Pierre Lévy"),
        Commitment.To(Commitment.NameLabel, Salt, " Pierre Lévy \n".Normalize(NormalizationForm.FormD)));

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void a_salt_of_another_length_is_refused(int length) =>
        Assert.Throws<ArgumentException>(() => Commitment.To(Commitment.NameLabel, new byte[length], "x"));
}
