package bpnn.app.config;

import bpnn.app.option.EffectiveOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for options that the command line does not give, from the first that has one: a system property such as
 * {@code -Dbatch-size=64}, the environment variable {@code BPNN_BATCH_SIZE}, the configuration file, the recipe.
 */
public final class OptionSources implements IDefaultValueProvider {
    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;
    private final Map<String, String> file;
    private final Map<String, String> recipe;

    /**
     * A value and where it comes from.
     *
     * @param value as on the command line
     * @param origin in words
     */
    public record Sourced(String value, String origin) {}

    /**
     * @param properties system properties by name
     * @param environment environment variables by name
     * @param file the content of a configuration file
     * @param recipe the options of a recipe
     */
    public OptionSources(
            Function<String, @Nullable String> properties,
            Function<String, @Nullable String> environment,
            Map<String, String> file,
            Map<String, String> recipe) {
        this.properties = properties;
        this.environment = environment;
        this.file = Map.copyOf(file);
        this.recipe = Map.copyOf(recipe);
    }

    /** The value of an option by its name, if any source has one. */
    public Optional<Sourced> find(String name) {
        String property = properties.apply(name);
        if (property != null) {
            return Optional.of(new Sourced(property, "-D" + name));
        }
        String variable = "BPNN_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        String value = environment.apply(variable);
        if (value != null) {
            return Optional.of(new Sourced(value, "environment variable " + variable));
        }
        String filed = file.get(name);
        if (filed != null) {
            return Optional.of(new Sourced(filed, "configuration file"));
        }
        return Optional.ofNullable(recipe.get(name)).map(given -> new Sourced(given, "recipe"));
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && EffectiveOptions.isSetting(option)
                ? find(EffectiveOptions.name(option)).map(Sourced::value).orElse(null)
                : null;
    }
}
