package bpnn.app.doctor;

import bpnn.app.session.Paragraph;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of one check of {@code doctor}.
 *
 * @param name the subject, one word
 * @param facts facts, in the order to be shown
 * @param problems what is wrong, and what to do about it: a sentence each
 */
public record DoctorResult(String name, Map<String, String> facts, List<String> problems) {
    public DoctorResult {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        problems = List.copyOf(problems);
    }

    /** A check, which writes down what it finds. */
    @FunctionalInterface
    public interface Check {
        void examine(Map<String, String> facts, List<String> problems) throws IOException;
    }

    /** Runs the check; an exception becomes a problem. */
    public static DoctorResult of(String name, Check examination) {
        Map<String, String> facts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        try {
            examination.examine(facts, problems);
        } catch (IOException | RuntimeException | LinkageError e) {
            problems.add(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        return new DoctorResult(name, facts, problems);
    }

    /** Adds it to a text, each fact and problem in lines of at most {@code columns}. */
    public void describe(StringBuilder text, int columns) {
        text.append(name).append('\n');
        facts.forEach((fact, value) -> Paragraph.append(String.format("  %-14s ", fact), value, columns, text));
        problems.forEach(problem -> Paragraph.append("  !              ", problem, columns, text));
    }

    /** Adds it to a JSON object, under its name. */
    public void describe(ObjectNode json) {
        ObjectNode node = json.putObject(name);
        facts.forEach(node::put);
        problems.forEach(node.putArray("problems")::add);
    }
}
