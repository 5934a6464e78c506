package bpnn.app.conformance;

import bpnn.io.file.Word;
import bpnn.tck.CaseResult;
import bpnn.tck.ConformanceReport;
import bpnn.tck.Findings;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;

/** A report of the conformance kit as JSON. */
public final class ConformanceJson {
    private ConformanceJson() {}

    /** The whole report; an error beyond every bound, or NaN, is null. */
    public static ObjectNode of(ConformanceReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("backend", report.backend());
        json.put("device", report.device());
        json.put("numerics", Word.of(report.numerics()));
        json.put("seed", report.seed());
        json.put("passed", report.passed());
        json.put("failures", report.failures().size());
        json.put("seconds", report.seconds());
        ArrayNode lines = json.putArray("lines");
        for (CaseResult result : report.results()) {
            Findings findings = result.findings();
            ObjectNode line = lines.addObject();
            line.put("group", Word.of(result.group()));
            line.put("name", result.name());
            line.put("verdict", Word.of(findings.verdict()));
            put(line, "worst", findings.worst());
            put(line, "nmse", findings.nmse());
            line.put("seconds", result.seconds());
            line.put("message", findings.message());
        }
        return json;
    }

    private static void put(ObjectNode line, String name, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            line.put(name, value.getAsDouble());
        } else {
            line.putNull(name);
        }
    }
}
