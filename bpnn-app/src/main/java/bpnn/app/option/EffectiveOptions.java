package bpnn.app.option;

import bpnn.io.file.Word;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command as they are in force, by their long names without hyphens in front. */
public final class EffectiveOptions {
    /** What concerns a single call of the program and no other. */
    private static final Set<String> OF_THE_CALL = Set.of("help", "version", "config", "print-config");

    private EffectiveOptions() {}

    /** Every option that has a value, as text that the command line would understand. */
    public static Map<String, String> of(CommandSpec command) {
        Map<String, String> options = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            String text = text(option.getValue());
            if (text != null && isSetting(option)) {
                options.put(name(option), text);
            }
        }
        return Collections.unmodifiableMap(options);
    }

    /** Whether an option says how to do something, rather than what this call is about. */
    public static boolean isSetting(OptionSpec option) {
        return !OF_THE_CALL.contains(name(option));
    }

    /** An option's long name, without hyphens in front. */
    public static String name(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Enum<?> constant) {
            return Word.of(constant);
        }
        if (value instanceof Collection<?> values) {
            return values.isEmpty()
                    ? null
                    : values.stream().map(EffectiveOptions::text).collect(Collectors.joining(","));
        }
        return value.toString();
    }
}
