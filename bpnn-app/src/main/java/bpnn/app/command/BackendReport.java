package bpnn.app.command;

import bpnn.app.session.Paragraph;
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

    /**
     * Probes every backend of the catalogue and adds what comes out.
     *
     * @param columns the longest that a line of the text may be
     */
    static void describe(BackendCatalogue catalogue, int columns, StringBuilder text, ObjectNode json) {
        ArrayNode backends = json.putArray("backends");
        for (BackendEntry entry : catalogue.entries()) {
            Availability availability = entry.probe();
            describe(entry, availability, columns, text);
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

    private static void describe(BackendEntry entry, Availability availability, int columns, StringBuilder text) {
        if (availability instanceof Available available) {
            Paragraph.append(String.format("%-10s available      ", entry.id()), available.device(), columns, text);
            available.facts().forEach((name, value) -> row(name, value, columns, text));
            if (available.notice() != null) {
                row("notice", available.notice(), columns, text);
            }
        } else if (availability instanceof Unavailable unavailable) {
            Paragraph.append(String.format("%-10s not available  ", entry.id()), unavailable.reason(), columns, text);
            row("hint", unavailable.hint(), columns, text);
            if (unavailable.cause() != null) {
                row("tried", "ended with " + unavailable.cause(), columns, text);
            }
        }
        row("from", entry.origin() + ", priority " + entry.priority(), columns, text);
    }

    private static void row(String name, String value, int columns, StringBuilder text) {
        Paragraph.append(String.format("           %-13s  ", name), value, columns, text);
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
