namespace Ledger.Web.Hosting;

/// <summary>
/// The Ledger cannot start until whoever runs it changes something. The message is the one sentence that says what is wrong and
/// what to do; it is printed to standard error without a stack trace, and the process ends with exit code 1.
/// </summary>
internal sealed class StartupRefusedException(string sentence, Exception? cause = null) : Exception(sentence, cause);
