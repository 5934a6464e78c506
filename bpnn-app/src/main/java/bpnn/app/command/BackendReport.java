package bpnn.app.command;

import bpnn.backend.BackendCatalogue;
import bpnn.backend.BackendEntry;
import bpnn.backend.Rejection;
import bpnn.spi.Availability;
import bpnn.spi.Availability.Available;
import bpnn.spi.Availability.Unavailable;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The backends in words and in JSON: which can be used, and why the others cannot. */
final class BackendReport {
    private BackendReport() {}

    /** Probes every backend of the catalogue and adds what comes out. */
    static void describe(BackendCatalogue catalogue, StringBuilder text, ObjectNode json) {
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
            text.append("There are no backends.\n");
        }
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
            if (unavailable.cause() != null) {
                row(text, "tried", "ended with " + unavailable.cause());
            }
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
            json.put(
                    "cause",
                    unavailable.cause() == null ? null : unavailable.cause().toString());
        }
    }
}
