package bpnn.app.command;

import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.WordConverter;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.data.DataException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The options of a training as a record has them. Neither the environment nor a configuration file plays a part. */
final class RecordedOptions {
    /** What concerned that call of the program alone. */
    private static final List<String> OF_THE_CALL = List.of(
            "json",
            "members",
            "quiet",
            "recipe",
            "resume",
            "sign",
            "tensorboard",
            "trace",
            "trace-states",
            "verbose",
            "watch");

    /** The options of {@code train} that a page shows. */
    static final Set<String> KNOBS = Set.of(
            "activation",
            "batch-norm",
            "batch-size",
            "dropout",
            "epochs",
            "hidden",
            "learning-rate",
            "normalize",
            "optimizer",
            "seed");

    private final Path file;
    private final Map<String, String> options;

    /** @param file the record, for messages */
    RecordedOptions(Path file, JsonNode recorded) {
        this.file = file;
        options = texts(recorded);
        OF_THE_CALL.forEach(options::remove);
    }

    /** All options of a record, as they are typed. */
    static Map<String, String> texts(JsonNode recorded) {
        Map<String, String> options = new TreeMap<>();
        recorded.properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        return options;
    }

    /** The same options without those that say where and on what. */
    static Map<String, String> ofTraining(Map<String, String> all) {
        Map<String, String> options = new TreeMap<>(all);
        OF_THE_CALL.forEach(options::remove);
        List.of("backend", "numerics", "out", "plugins", "tf32", "threads").forEach(options::remove);
        return options;
    }

    /** Those of some options that a page shows. */
    static Map<String, String> knobs(Map<String, String> options) {
        Map<String, String> knobs = new TreeMap<>(options);
        knobs.keySet().retainAll(KNOBS);
        return knobs;
    }

    /** The command that trains with some options, as it is typed: without what goes without saying, and without its folder. */
    static String commandLine(Map<String, String> options) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Session silent = new Session(new Terminal(nowhere, nowhere, false, false, 80), new CommonOptions());
        Map<String, String> usual = EffectiveOptions.of(new CommandLine(new TrainCommand(silent)).getCommandSpec());
        StringBuilder line = new StringBuilder("./bpnn train");
        new TreeMap<>(options).forEach((name, value) -> {
            boolean said = !OF_THE_CALL.contains(name) && !name.equals("out") && !value.equals("false");
            if (said && !value.equals(usual.get(name))) {
                line.append(" --").append(name).append(value.equals("true") ? "" : " " + quoted(value));
            }
        });
        return line.toString();
    }

    private static String quoted(String value) {
        return value.matches("[A-Za-z0-9_./,:=+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
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
