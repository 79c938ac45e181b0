namespace Platform.Engine.Queries.Conditions;

/// <summary>A stretch of time in the values of an attribute.</summary>
/// <param name="From">First value; <c>null</c>: from the beginning.</param>
/// <param name="Until">First value after it; <c>null</c>: for ever.</param>
/// <remarks>Weeks begin on Sunday, as in Dataverse. The fiscal year is the calendar year, its periods are quarters.</remarks>
internal readonly record struct DateSpan(object? From, object? Until)
{
    private const int MonthsOfPeriod = 3;

    public static DateSpan Of(Condition condition, LocalTime time)
    {
        var today = time.Today;
        var number = condition.Values is [int first, ..] ? first : 0;
        var week = today.AddDays(-(int)today.DayOfWeek);
        var month = new DateOnly(today.Year, today.Month, 1);
        var year = new DateOnly(today.Year, 1, 1);
        var period = new DateOnly(today.Year, ((today.Month - 1) / MonthsOfPeriod * MonthsOfPeriod) + 1, 1);

        // Behind the last day there is nothing that could be left out.
        object? Until(DateOnly day) => day == DateOnly.MaxValue ? null : time.Begin(day.AddDays(1));
        DateSpan Days(DateOnly from, DateOnly until) => new(time.Begin(from), time.Begin(until));
        DateSpan Since(DateOnly day) => new(time.Begin(day), time.Now);
        // What lies ahead begins after now.
        DateSpan Ahead(DateOnly last) => new(time.Now, time.Begin(Next(last)));
        DateSpan Before(DateOnly day) => new(null, time.Begin(day));
        DateOnly DayOf() => time.DayOf(condition.Values[0]);
        (DateOnly From, DateOnly Until) Fiscal() => Period((int)condition.Values[1], number);

        return condition.Operator switch
        {
            ConditionOperator.On => new(time.Begin(DayOf()), Until(DayOf())),
            ConditionOperator.OnOrBefore => new(null, Until(DayOf())),
            ConditionOperator.OnOrAfter => new(time.Begin(DayOf()), null),
            ConditionOperator.Yesterday => Days(today.AddDays(-1), today),
            ConditionOperator.Today => Days(today, today.AddDays(1)),
            ConditionOperator.Tomorrow => Days(today.AddDays(1), today.AddDays(2)),
            ConditionOperator.Last7Days => Since(today.AddDays(-7)),
            ConditionOperator.Next7Days => Ahead(today.AddDays(7)),
            ConditionOperator.LastWeek => Days(week.AddDays(-7), week),
            ConditionOperator.ThisWeek => Days(week, week.AddDays(7)),
            ConditionOperator.NextWeek => Days(week.AddDays(7), week.AddDays(14)),
            ConditionOperator.LastMonth => Days(month.AddMonths(-1), month),
            ConditionOperator.ThisMonth => Days(month, month.AddMonths(1)),
            ConditionOperator.NextMonth => Days(month.AddMonths(1), month.AddMonths(2)),
            ConditionOperator.LastYear or ConditionOperator.LastFiscalYear => Days(year.AddYears(-1), year),
            ConditionOperator.ThisYear or ConditionOperator.ThisFiscalYear => Days(year, year.AddYears(1)),
            ConditionOperator.NextYear or ConditionOperator.NextFiscalYear => Days(year.AddYears(1), year.AddYears(2)),
            ConditionOperator.LastXHours => new(time.Later(TimeSpan.FromHours(-number)), time.Now),
            ConditionOperator.NextXHours => new(time.Now, time.Later(TimeSpan.FromHours(number))),
            ConditionOperator.LastXDays => Since(Back(today, 0, number)),
            ConditionOperator.NextXDays => Ahead(Forth(today, 0, number)),
            ConditionOperator.LastXWeeks => Since(Back(today, 0, 7 * number)),
            ConditionOperator.NextXWeeks => Ahead(Forth(today, 0, 7 * number)),
            ConditionOperator.LastXMonths => Since(Back(today, number)),
            ConditionOperator.NextXMonths => Ahead(Forth(today, number)),
            ConditionOperator.LastXYears => Since(Back(today, 12 * number)),
            ConditionOperator.NextXYears => Ahead(Forth(today, 12 * number)),
            ConditionOperator.OlderThanXMinutes => new(null, time.Later(TimeSpan.FromMinutes(-number))),
            ConditionOperator.OlderThanXHours => new(null, time.Later(TimeSpan.FromHours(-number))),
            ConditionOperator.OlderThanXDays => Before(Back(today, 0, number)),
            ConditionOperator.OlderThanXWeeks => Before(Back(today, 0, 7 * number)),
            ConditionOperator.OlderThanXMonths => Before(Back(today, number)),
            ConditionOperator.OlderThanXYears => Before(Back(today, 12 * number)),
            ConditionOperator.LastFiscalPeriod => Days(period.AddMonths(-MonthsOfPeriod), period),
            ConditionOperator.ThisFiscalPeriod => Days(period, period.AddMonths(MonthsOfPeriod)),
            ConditionOperator.NextFiscalPeriod => Days(period.AddMonths(MonthsOfPeriod), period.AddMonths(2 * MonthsOfPeriod)),
            ConditionOperator.LastXFiscalYears => Days(Back(year, 12 * number), year),
            ConditionOperator.NextXFiscalYears => Days(year.AddYears(1), Forth(year, 12 * (number + 1))),
            ConditionOperator.LastXFiscalPeriods => Days(Back(period, MonthsOfPeriod * number), period),
            ConditionOperator.NextXFiscalPeriods => Days(period.AddMonths(MonthsOfPeriod), Forth(period, MonthsOfPeriod * (number + 1))),
            ConditionOperator.InFiscalYear => Days(new(number, 1, 1), Next(new(number, 12, 31))),
            ConditionOperator.InFiscalPeriod => Days(Period(today.Year, number).From, Period(today.Year, number).Until),
            ConditionOperator.InFiscalPeriodAndYear => Days(Fiscal().From, Fiscal().Until),
            ConditionOperator.InOrBeforeFiscalPeriodAndYear => Before(Fiscal().Until),
            ConditionOperator.InOrAfterFiscalPeriodAndYear => new(time.Begin(Fiscal().From), null),
            var other => throw new InvalidOperationException($"{other} is no stretch of time."),
        };
    }

    private static (DateOnly From, DateOnly Until) Period(int year, int number)
    {
        if (number is < 1 or > 12 / MonthsOfPeriod) throw Errors.BadRequest($"There is no fiscal period {number}.", $"A fiscal year has the periods 1 to {12 / MonthsOfPeriod}.");
        if (year is < 1 or > 9998) throw Errors.BadRequest($"There is no fiscal year {year}.");
        var from = new DateOnly(year, ((number - 1) * MonthsOfPeriod) + 1, 1);
        return (from, from.AddMonths(MonthsOfPeriod));
    }

    private static DateOnly Next(DateOnly day) => day == DateOnly.MaxValue ? day : day.AddDays(1);

    private static DateOnly Back(DateOnly day, int months, int days = 0) =>
        months >= (day.Year * 12) - 12 || days >= day.DayNumber ? DateOnly.MinValue.AddDays(1) : day.AddMonths(-months).AddDays(-days);

    private static DateOnly Forth(DateOnly day, int months, int days = 0) =>
        months > ((9998 - day.Year) * 12) || days > DateOnly.MaxValue.DayNumber - day.DayNumber - 2 ? DateOnly.MaxValue.AddDays(-2) : day.AddMonths(months).AddDays(days);
}
