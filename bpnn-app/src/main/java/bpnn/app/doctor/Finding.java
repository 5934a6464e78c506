package bpnn.app.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found out about one matter.
 *
 * @param name the matter, one word
 * @param facts what is so, in the order to be shown
 * @param problems what is wrong, and what to do about it: a sentence each
 */
public record Finding(String name, Map<String, String> facts, List<String> problems) {
    public Finding {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        problems = List.copyOf(problems);
    }

    /** An examination, which writes down what it finds. */
    @FunctionalInterface
    public interface Examination {
        void examine(Map<String, String> facts, List<String> problems) throws IOException;
    }

    /** Examines; what is thrown is a finding too. */
    public static Finding of(String name, Examination examination) {
        Map<String, String> facts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        try {
            examination.examine(facts, problems);
        } catch (IOException | RuntimeException | LinkageError e) {
            problems.add(e.getMessage() == null ? e.toString() : e.getMessage());
        }
        return new Finding(name, facts, problems);
    }

    /** Adds it to a text, a line for each fact and problem. */
    public void describe(StringBuilder text) {
        text.append(name).append('\n');
        facts.forEach((fact, value) -> text.append(String.format("  %-14s %s%n", fact, value)));
        problems.forEach(
                problem -> text.append("  !              ").append(problem).append('\n'));
    }

    /** Adds it to a JSON object, under its name. */
    public void describe(ObjectNode json) {
        ObjectNode node = json.putObject(name);
        facts.forEach(node::put);
        problems.forEach(node.putArray("problems")::add);
    }
}
