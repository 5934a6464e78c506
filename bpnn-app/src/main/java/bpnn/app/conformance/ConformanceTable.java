package bpnn.app.conformance;

import bpnn.io.file.Word;
import bpnn.tck.CaseResult;
import bpnn.tck.ConformanceReport;
import bpnn.tck.Findings;
import bpnn.tck.Group;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/** A report of the conformance kit as text: a line per case, then what failed, then the verdict. */
public final class ConformanceTable {
    private final ConformanceReport report;
    private final int kit;
    private final Function<CaseResult, String> repetition;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param kit how many cases the whole kit has
     * @param repetition the command that repeats a case
     */
    public ConformanceTable(ConformanceReport report, int kit, Function<CaseResult, String> repetition) {
        this.report = report;
        this.kit = kit;
        this.repetition = repetition;
    }

    /** The text, without a line's end behind it. */
    public String text() {
        text.append(String.format(
                Locale.ROOT,
                "Backend %s: %s; %s arithmetic; seed %d%n%n",
                report.backend(),
                report.device(),
                Word.of(report.numerics()),
                report.seed()));
        text.append(
                String.format(Locale.ROOT, "%-45s %12s %9s  %-7s %8s%n", "", "worst/bound", "NMSE", "verdict", "time"));
        for (Group group : Group.values()) {
            group(group);
        }
        report.failures().forEach(this::failure);
        return text.append(verdict()).toString();
    }

    private void group(Group group) {
        boolean first = true;
        for (CaseResult result : report.results()) {
            if (result.group() == group) {
                text.append(first ? group.title() + System.lineSeparator() : "");
                first = false;
                line(result);
            }
        }
    }

    private void line(CaseResult result) {
        Findings findings = result.findings();
        text.append(String.format(
                Locale.ROOT,
                "  %-43s %12s %9s  %-7s %6.2f s%n",
                result.name(),
                number(findings.worst(), "%.3f"),
                number(findings.nmse(), "%.1e"),
                result.failed() ? "FAILED" : Word.of(findings.verdict()),
                result.seconds()));
    }

    private static String number(OptionalDouble value, String format) {
        if (value.isEmpty()) {
            return "";
        }
        return value.getAsDouble() == 0 ? "0" : String.format(Locale.ROOT, format, value.getAsDouble());
    }

    private void failure(CaseResult result) {
        text.append(String.format(
                "%nFAILED  %s: %s%n  %s%n  Repeat it: %s%n",
                result.group().title(), result.name(), result.findings().message(), repetition.apply(result)));
    }

    private String verdict() {
        int all = report.results().size();
        int failed = report.failures().size();
        int skipped = report.skipped().size();
        String others = (all == kit ? "" : " chosen from " + kit) + (skipped == 0 ? "" : ", " + skipped + " skipped");
        String sentence = skipped == all
                ? "%nNothing was checked on backend %s: %d of %d lines%s, in %.1f s."
                : failed == 0
                        ? "%nBackend %s passes: %d of %d lines%s, in %.1f s."
                        : "%nBackend %s FAILS: %d of %d lines%s, in %.1f s.";
        int counted = failed == 0 ? all - skipped : failed;
        return String.format(Locale.ROOT, sentence, report.backend(), counted, all, others, report.seconds());
    }
}
