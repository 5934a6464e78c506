package bpnn.app.config;

import bpnn.app.option.EffectiveOptions;
import bpnn.app.option.PathConverter;
import bpnn.app.option.Recipe;
import bpnn.app.option.UsageException;
import bpnn.app.option.WordConverter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** Options from files, properties and the environment, and what comes of them all. */
public final class Configuration {
    private static final String FLAG = "--config";
    private static final String RECIPE = "recipe";

    private final OptionSources sources;

    private Configuration(OptionSources sources) {
        this.sources = sources;
    }

    /**
     * Makes a command line look up options that are not given.
     *
     * @param arguments of the program; the file and the recipe that they name are read before they are parsed
     */
    public static Configuration install(
            CommandLine root,
            String[] arguments,
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment) {
        Set<String> names = names(root, new TreeSet<>());
        Map<String, String> file = argument(arguments, FLAG, "the name of a file")
                .map(name -> ConfigFile.read(PathConverter.path(FLAG, name), names))
                .orElse(Map.of());
        OptionSources given = new OptionSources(properties, environment, file, Map.of());
        Map<String, String> recipe = argument(arguments, "--" + RECIPE, "the name of a recipe")
                .or(() -> given.find(RECIPE).map(OptionSources.Sourced::value))
                .map(name -> recipe(name, names))
                .orElse(Map.of());
        OptionSources sources = new OptionSources(properties, environment, file, recipe);
        root.setDefaultValueProvider(sources);
        return new Configuration(sources);
    }

    private static Map<String, String> recipe(String name, Set<String> names) {
        try {
            Recipe recipe = WordConverter.convert(Recipe.class, name);
            return ConfigFile.read("The recipe " + name, recipe.text(), names);
        } catch (TypeConversionException e) {
            throw new UsageException("--" + RECIPE + " is not understood: " + e.getMessage() + ".");
        }
    }

    private static Optional<String> argument(String[] arguments, String flag, String what) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(flag + "=")) {
                return Optional.of(arguments[i].substring(flag.length() + 1));
            }
            if (arguments[i].equals(flag)) {
                if (i + 1 == arguments.length) {
                    throw new UsageException(flag + " needs " + what + ".");
                }
                return Optional.of(arguments[i + 1]);
            }
        }
        return Optional.empty();
    }

    /** The options of all commands: one file may serve several. */
    private static Set<String> names(CommandLine command, Set<String> names) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (EffectiveOptions.isSetting(option)) {
                names.add(EffectiveOptions.name(option));
            }
        }
        command.getSubcommands().values().forEach(sub -> names(sub, names));
        return names;
    }

    /** The options in force, as a configuration file that says where each comes from. */
    public String toYaml(ParseResult parsed) {
        CommandSpec command = parsed.commandSpec();
        StringBuilder text = new StringBuilder("# " + command.qualifiedName() + "\n");
        EffectiveOptions.of(command)
                .forEach((name, value) -> text.append(name)
                        .append(": ")
                        .append(scalar(value))
                        .append("  # ")
                        .append(origin(parsed, name))
                        .append('\n'));
        return text.toString().stripTrailing();
    }

    /** The options in force, as JSON. */
    public static ObjectNode toJson(ParseResult parsed) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        EffectiveOptions.of(parsed.commandSpec()).forEach(json::put);
        return json;
    }

    private String origin(ParseResult parsed, String name) {
        return parsed.hasMatchedOption("--" + name)
                ? "command line"
                : sources.find(name).map(OptionSources.Sourced::origin).orElse("default");
    }

    /** Quoted unless it is a plain word or number; a JSON string is a YAML string too. */
    private static String scalar(String value) {
        return value.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
                ? value
                : JsonNodeFactory.instance.textNode(value).toString();
    }
}
