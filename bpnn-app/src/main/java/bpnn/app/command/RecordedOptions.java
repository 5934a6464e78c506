package bpnn.app.command;

import bpnn.app.option.WordConverter;
import bpnn.app.session.Session;
import bpnn.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The options of a training as a record has them. Neither the environment nor a configuration file plays a part. */
final class RecordedOptions {
    /** What concerned that call of the program alone. */
    private static final List<String> OF_THE_CALL = List.of(
            "json", "members", "quiet", "recipe", "resume", "sign", "tensorboard", "trace", "trace-states", "verbose");

    private final Path file;
    private final Map<String, String> options = new TreeMap<>();

    /** @param file the record, for messages */
    RecordedOptions(Path file, JsonNode recorded) {
        this.file = file;
        recorded.properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        OF_THE_CALL.forEach(options::remove);
    }

    /** The same options without those that say where and on what. */
    static Map<String, String> ofTraining(Map<String, String> all) {
        Map<String, String> options = new TreeMap<>(all);
        OF_THE_CALL.forEach(options::remove);
        List.of("backend", "numerics", "out", "plugins", "tf32", "threads").forEach(options::remove);
        return options;
    }

    /** Sets an option, unless there is nothing to set it to. */
    void override(String name, @Nullable Object value) {
        if (value != null) {
            options.put(name, value.toString());
        }
    }

    /**
     * The command, ready to be carried out.
     *
     * @throws DataException if the program does not know an option
     */
    TrainCommand command(Session session) {
        try {
            return parse(session, options);
        } catch (ParameterException e) {
            throw new DataException(file + " has options that this program does not know: " + e.getMessage() + ".", e);
        }
    }

    /**
     * The command for some options.
     *
     * @throws ParameterException if the program does not know an option, or what it is to mean
     */
    static TrainCommand parse(Session session, Map<String, String> options) {
        TrainCommand train = new TrainCommand(session.withoutResults());
        CommandLine commandLine = new CommandLine(train);
        WordConverter.register(commandLine);
        commandLine.parseArgs(options.entrySet().stream()
                .filter(option -> !option.getValue().equals("false"))
                .map(option ->
                        "--" + option.getKey() + (option.getValue().equals("true") ? "" : "=" + option.getValue()))
                .toArray(String[]::new));
        return train;
    }
}
