package bpnn.app.conformance;

import bpnn.app.session.Terminal;
import bpnn.tck.CaseResult;
import bpnn.tck.ConformanceCase;
import bpnn.tck.Group;
import java.util.List;
import java.util.Locale;

/** How far the conformance kit is: a line that is redrawn on a terminal, else a line for each group. */
public final class ConformanceProgress implements AutoCloseable {
    private static final String CLEAR_LINE = "\r\033[K";
    private static final int BAR = 30;

    private final Terminal terminal;
    private final List<ConformanceCase> cases;
    private int done;

    /** @param cases those that are run, in their order */
    public ConformanceProgress(Terminal terminal, List<ConformanceCase> cases) {
        this.terminal = terminal;
        this.cases = cases;
        show();
    }

    /** A case has ended. */
    public void onResult(CaseResult result) {
        done++;
        if (result.failed()) {
            line("FAILED: " + result.group().title() + ": " + result.name());
        }
        show();
    }

    private void show() {
        if (done == cases.size()) {
            return;
        }
        Group group = cases.get(done).group();
        if (terminal.interactive()) {
            int filled = BAR * done / cases.size();
            String line = String.format(
                    Locale.ROOT,
                    "%d/%d [%s] %s: %s",
                    done + 1,
                    cases.size(),
                    "=".repeat(filled) + " ".repeat(BAR - filled),
                    group.title(),
                    cases.get(done).name());
            print(CLEAR_LINE + line.substring(0, Math.min(line.length(), terminal.columns() - 1)));
        } else if (done == 0 || cases.get(done - 1).group() != group) {
            line(group.title());
        }
    }

    private void line(String text) {
        print((terminal.interactive() ? CLEAR_LINE : "") + text + System.lineSeparator());
    }

    private void print(String text) {
        terminal.err().print(text);
        terminal.err().flush();
    }

    /** Leaves a clean line. */
    @Override
    public void close() {
        if (terminal.interactive()) {
            print(CLEAR_LINE);
        }
    }
}
