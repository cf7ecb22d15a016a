using System.Collections.Immutable;
using System.Globalization;
using Ledger.Domain.Agreements;

namespace Ledger.Web.Pages;

/// <summary>
/// Where everything stands in the drawing of phases: a row for each phase under one axis of days. It is narrow and its letters are large, so
/// that it can be read on a telephone and in print.
/// </summary>
/// <param name="Height">The height of the drawing, in its own units.</param>
/// <param name="Rows">The phases from above.</param>
/// <param name="Ticks">The days marked on the axis.</param>
/// <param name="Today">Where the day looked at stands.</param>
internal sealed record PhaseChart(double Height, ImmutableArray<ChartRow> Rows, ImmutableArray<ChartTick> Ticks, double Today)
{
    /// <summary>The width of the drawing, in its own units.</summary>
    public const double Width = 400;

    /// <summary>Where the rows begin, below the word over the line of the day looked at.</summary>
    public const double Top = 26;

    private const double Margin = 14;
    private const double RowHeight = 46;
    private const double AxisHeight = 26;
    private const int MostTicks = 5;

    // A title that is longer would run out of the drawing; the list beside it has it whole.
    private const int TitleLimit = 44;

    /// <summary>Where the axis runs.</summary>
    public double Axis => Height - AxisHeight;

    /// <summary>Lays the drawing out; null where no phase has a day to draw.</summary>
    /// <param name="phases">The phases as they stand.</param>
    /// <param name="day">The day looked at.</param>
    /// <param name="plannedOn">When a phase was planned, where that is known.</param>
    public static PhaseChart? Of(ImmutableArray<PhaseStanding> phases, DateOnly day, Func<PhaseStanding, DateOnly?> plannedOn)
    {
        var dated = phases.SelectMany(p => new[] { p.PlannedEnd?.Earliest, p.PlannedEnd?.Latest, p.CompletedOn?.Earliest, p.CompletedOn?.Latest }).OfType<DateOnly>().ToList();
        if (dated.Count == 0)
            return null;

        var days = dated.Concat(phases.Select(plannedOn).OfType<DateOnly>()).Append(day).ToList();
        var scale = new Scale(days.Min(), days.Max());
        return new PhaseChart(
            Top + (phases.Length * RowHeight) + AxisHeight,
            [.. phases.Select((phase, index) => Row(phase, Top + (index * RowHeight), scale, day, plannedOn(phase)))],
            scale.Ticks(),
            scale.At(day));
    }

    /// <summary>A number as SVG reads it.</summary>
    public static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Which end of a short text stands at a place, so that it does not run out of the drawing.</summary>
    public static string Anchor(double at) => at < 50 ? "start" : at > Width - 50 ? "end" : "middle";

    private static ChartRow Row(PhaseStanding phase, double top, Scale scale, DateOnly day, DateOnly? plannedOn)
    {
        var reached = phase.CompletedOn?.Latest;
        var slip = phase.SlippedDays(day) is null ? null : ChartSpan.Between(scale.At(phase.PlannedEnd!.Latest), scale.At(reached ?? day));
        return new ChartRow(
            phase,
            Cut($"{phase.Number}. {phase.Title}"),
            top,
            phase.PlannedEnd is { } end ? ChartSpan.Between(scale.At(plannedOn is { } from && from < end.Earliest ? from : end.Earliest), scale.At(end.Latest)) : null,
            slip,
            phase.PlannedEnd is { } planned ? scale.At(planned.Latest) : null,
            reached is { } done ? scale.At(done) : null);
    }

    private static string Cut(string title)
    {
        var text = new StringInfo(title);
        return text.LengthInTextElements <= TitleLimit ? title : text.SubstringByTextElements(0, TitleLimit - 1).TrimEnd() + "…";
    }

    private sealed class Scale
    {
        private readonly DateOnly _first;
        private readonly DateOnly _last;

        public Scale(DateOnly first, DateOnly last)
        {
            // A single day still needs an axis to stand on.
            var span = Math.Max(60, last.DayNumber - first.DayNumber);
            var room = (span - (last.DayNumber - first.DayNumber)) / 2;
            _first = DateOnly.FromDayNumber(Math.Max(0, first.DayNumber - room));
            _last = DateOnly.FromDayNumber(Math.Min(DateOnly.MaxValue.DayNumber, _first.DayNumber + span));
        }

        public double At(DateOnly day) =>
            Margin + ((Width - (2 * Margin)) * (day.DayNumber - _first.DayNumber) / (_last.DayNumber - _first.DayNumber));

        public ImmutableArray<ChartTick> Ticks()
        {
            var months = ((_last.Year - _first.Year) * 12) + _last.Month - _first.Month;
            int[] steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000, 60000, 120000];
            var step = steps.First(s => months / s <= MostTicks);
            var ticks = ImmutableArray.CreateBuilder<ChartTick>();
            for (var month = ((_first.Year - 1) * 12) + _first.Month - 1; month <= ((_last.Year - 1) * 12) + _last.Month - 1; month++)
            {
                if (month % step != 0)
                    continue;
                var day = new DateOnly((month / 12) + 1, (month % 12) + 1, 1);
                if (day >= _first && day <= _last)
                    ticks.Add(new ChartTick(day, At(day), step >= 12));
            }

            return ticks.ToImmutable();
        }
    }
}

/// <summary>A row of the drawing.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Title">Its number and title, cut where they are long.</param>
/// <param name="Top">Where the row begins.</param>
/// <param name="Planned">From its planning, or from the earliest day that the plan can mean, to its planned end.</param>
/// <param name="Slip">From the planned end to its completion or to the day looked at, where it slipped.</param>
/// <param name="PlannedAt">Where its planned end stands.</param>
/// <param name="DoneAt">Where its completion stands.</param>
internal sealed record ChartRow(PhaseStanding Phase, string Title, double Top, ChartSpan? Planned, ChartSpan? Slip, double? PlannedAt, double? DoneAt)
{
    /// <summary>Where the words of the row stand.</summary>
    public double Words => Top + 14;

    /// <summary>The middle of its bar.</summary>
    public double Middle => Top + 28;
}

/// <summary>A stretch of the axis.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="Length">How long it is.</param>
internal sealed record ChartSpan(double From, double Length)
{
    /// <summary>The stretch between two places, never too short to be seen.</summary>
    public static ChartSpan Between(double from, double to) => new(from, Math.Max(1, to - from));
}

/// <summary>A day marked on the axis.</summary>
/// <param name="Day">The day.</param>
/// <param name="At">Where it stands.</param>
/// <param name="IsYear">Whether years are counted, or months.</param>
internal sealed record ChartTick(DateOnly Day, double At, bool IsYear);
