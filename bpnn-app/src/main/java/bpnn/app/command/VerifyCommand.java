package bpnn.app.command;

import bpnn.app.conformance.ConformanceJson;
import bpnn.app.conformance.ConformanceProgress;
import bpnn.app.conformance.ConformanceTable;
import bpnn.app.option.BackendOptions;
import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.UsageException;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.backend.Selection;
import bpnn.tck.CaseResult;
import bpnn.tck.Conformance;
import bpnn.tck.ConformanceCase;
import bpnn.tck.ConformanceReport;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tries a backend with the conformance kit. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Tries a backend with the conformance kit: its memory, every kernel against float64 with bounds of the error,"
                    + " gradients, special values, the first losses of a training, and in exact arithmetic the bits of"
                    + " the reference.",
            "A line for each, with the worst error in units of its bound and the normalised mean square error."
        },
        exitCodeListHeading = "%nExit codes beside those of every command:%n",
        exitCodeList = {"0:every line passed", "1:a line failed", "2:every line that --only chose was skipped"})
public final class VerifyCommand implements Callable<Integer> {
    /** A line failed. */
    static final int FAILED = 1;

    private final Session session;

    @Mixin
    private final BackendOptions backends = new BackendOptions();

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "Run only the lines with this text in their name or in that of their group.")
    private @Nullable String only;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "" + Conformance.STANDARD_SEED,
            description = "Decides the content of all operands (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    public VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Selection selection = backends.select(session);
        backends.compute().announce(session, selection);
        try (Conformance kit =
                Conformance.of(selection.entry(), backends.compute().config(selection), seed)) {
            ConformanceReport report = run(kit);
            session.result(
                    new ConformanceTable(report, kit.cases().size(), result -> repetition(report, result)).text(),
                    ConformanceJson.of(report));
            checkThatSomethingWasChecked(report);
            return report.passed() ? ExitCode.DONE : FAILED;
        }
    }

    private ConformanceReport run(Conformance kit) {
        List<ConformanceCase> cases =
                kit.cases().stream().filter(this::isWanted).toList();
        if (cases.isEmpty()) {
            throw new UsageException("--only is \"" + only + "\", but no line has that in its name.");
        }
        if (session.common().quiet()) {
            return kit.run(cases, result -> {});
        }
        try (ConformanceProgress progress = new ConformanceProgress(session.terminal(), cases)) {
            return kit.run(cases, progress::onResult);
        }
    }

    private void checkThatSomethingWasChecked(ConformanceReport report) {
        if (report.skipped().size() == report.results().size()) {
            String reason = report.skipped().get(0).findings().message();
            throw new UsageException("--only is \"" + only + "\", and each line with that in its name was skipped: "
                    + reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1)
                    + ". Choose other lines, or try --numerics exact.");
        }
    }

    private boolean isWanted(ConformanceCase item) {
        String text = only == null ? "" : only.toLowerCase(Locale.ROOT);
        return (item.group().title() + ": " + item.name())
                .toLowerCase(Locale.ROOT)
                .contains(text);
    }

    /** The command that runs one line again, in the same way. */
    private String repetition(ConformanceReport report, CaseResult result) {
        StringBuilder command = new StringBuilder("./bpnn verify --backend ").append(report.backend());
        Map<String, String> options = EffectiveOptions.of(spec);
        for (String name : List.of("plugins", "threads", "numerics", "seed")) {
            String value = options.get(name);
            if (value != null) {
                command.append(" --").append(name).append(' ').append(value);
            }
        }
        return command.append(" --only \"")
                .append(result.group().title())
                .append(": ")
                .append(result.name())
                .append('"')
                .toString();
    }
}
