package bpnn.app.command;

import bpnn.app.ExitCode;
import bpnn.app.Session;
import bpnn.app.option.BackendOptions;
import bpnn.backend.BackendCatalogue;
import bpnn.backend.BackendEntry;
import bpnn.backend.Rejection;
import bpnn.spi.Availability;
import bpnn.spi.Availability.Available;
import bpnn.spi.Availability.Unavailable;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the backends, and says of each one that cannot be used why. */
@Command(name = "backends", description = "Lists the backends: which are available, and why the others are not.")
public final class BackendsCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private final BackendOptions options = new BackendOptions();

    public BackendsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        BackendCatalogue catalogue = options.catalogue(session);
        StringBuilder text = new StringBuilder();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode backends = json.putArray("backends");
        for (BackendEntry entry : catalogue.entries()) {
            Availability availability = entry.probe();
            describe(entry, availability, text);
            describe(entry, availability, backends.addObject());
        }
        ArrayNode rejected = json.putArray("rejected");
        for (Rejection rejection : catalogue.rejections()) {
            rejected.addObject().put("origin", rejection.origin()).put("reason", rejection.reason());
        }
        if (catalogue.entries().isEmpty()) {
            text.append("There are no backends.");
        }
        session.result(text.toString().stripTrailing(), json);
        return ExitCode.DONE;
    }

    private static void describe(BackendEntry entry, Availability availability, StringBuilder text) {
        if (availability instanceof Available available) {
            text.append(String.format("%-10s available      %s%n", entry.id(), available.device()));
            available.facts().forEach((name, value) -> row(text, name, value));
            if (available.notice() != null) {
                row(text, "notice", available.notice());
            }
        } else if (availability instanceof Unavailable unavailable) {
            text.append(String.format("%-10s not available  %s%n", entry.id(), unavailable.reason()));
            row(text, "hint", unavailable.hint());
        }
        row(text, "from", entry.origin() + ", priority " + entry.priority());
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append(String.format("           %-13s  %s%n", name, value));
    }

    private static void describe(BackendEntry entry, Availability availability, ObjectNode json) {
        json.put("id", entry.id());
        json.put("origin", entry.origin());
        json.put("priority", entry.priority());
        json.put("available", availability instanceof Available);
        if (availability instanceof Available available) {
            json.put("device", available.device());
            ObjectNode facts = json.putObject("facts");
            available.facts().forEach(facts::put);
            json.put("notice", available.notice());
        } else if (availability instanceof Unavailable unavailable) {
            json.put("reason", unavailable.reason());
            json.put("hint", unavailable.hint());
        }
    }
}
