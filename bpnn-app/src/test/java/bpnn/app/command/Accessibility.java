package bpnn.app.command;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is in somebody's way, as far as axe-core finds it. */
final class Accessibility {
    private Accessibility() {}

    /** What it finds serious or critical. */
    static List<?> serious(Page page) throws IOException {
        try (InputStream axe = Accessibility.class.getResourceAsStream("/axe.min.js")) {
            page.evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<?>) page.evaluate("""
                async () => (await axe.run()).violations
                  .filter(each => each.impact === "serious" || each.impact === "critical")
                  .map(each => each.id + ": " + each.nodes.map(node => node.html + " " + node.failureSummary).join("; "))
                """);
    }
}
