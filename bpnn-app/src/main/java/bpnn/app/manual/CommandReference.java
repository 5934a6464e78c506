package bpnn.app.manual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The reference of the command line, docs/command-line.md: a page in Markdown whose tables come from the descriptions that
 * {@code --help} shows, and whose other text is that of {@code command-line-template.md}.
 */
public final class CommandReference {
    private static final String TEMPLATE = "command-line-template.md";

    /** The end of a description that tells the default. */
    private static final Pattern DEFAULT = Pattern.compile("(.*) \\(default: (.*)\\)\\.", Pattern.DOTALL);

    private final Map<String, String> exitCodes;
    private final Set<String> ofEveryCommand = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    private CommandReference(CommandSpec root) {
        this.exitCodes = root.usageMessage().exitCodeList();
        root.options().forEach(option -> ofEveryCommand.add(option.longestName()));
    }

    /** The page of a program with all its commands. */
    public static String of(CommandLine root) {
        CommandSpec spec = root.getCommandSpec();
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("COMMANDS", commands(root));
        parts.put("EXIT_CODES", exitCodes(spec.usageMessage().exitCodeList()));
        parts.put("COMMON_OPTIONS", commonOptions(spec));
        parts.put("REFERENCE", reference(root));
        String page = template();
        for (Map.Entry<String, String> part : parts.entrySet()) {
            page = page.replace("${" + part.getKey() + "}\n", part.getValue());
        }
        return page;
    }

    private static String template() {
        try (InputStream in = CommandReference.class.getResourceAsStream(TEMPLATE)) {
            return new String(Objects.requireNonNull(in, TEMPLATE).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String commands(CommandLine root) {
        StringBuilder table = new StringBuilder("| command | what it does |\n|---|---|\n");
        root.getSubcommands().forEach((name, command) -> {
            CommandSpec spec = command.getCommandSpec();
            String anchor = spec.qualifiedName("-").toLowerCase(Locale.ROOT);
            table.append(row(
                    "[`" + name + "`](#" + anchor + ")",
                    cell(plain(spec.usageMessage().description()[0]))));
        });
        return table.toString();
    }

    private static String exitCodes(Map<String, String> codes) {
        StringBuilder table = new StringBuilder("| exit code | |\n|---|---|\n");
        codes.forEach((code, meaning) -> table.append(row(code.strip(), cell(meaning))));
        return table.toString();
    }

    private static String commonOptions(CommandSpec root) {
        StringBuilder table = new StringBuilder("| option | meaning |\n|---|---|\n");
        root.options().forEach(option -> table.append(row(term(option), cell(plain(option.description())))));
        return table.toString();
    }

    private static String reference(CommandLine root) {
        CommandReference reference = new CommandReference(root.getCommandSpec());
        root.getSubcommands().values().forEach(command -> reference.section("##", command));
        return reference.text.toString().stripTrailing() + "\n";
    }

    private void section(String mark, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        text.append(mark).append(' ').append(spec.qualifiedName()).append("\n\n");
        text.append(cell(plain(spec.usageMessage().description()))).append("\n\n");
        StringBuilder rows = new StringBuilder();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            rows.append(row(code(parameter.paramLabel()), parameter));
        }
        for (OptionSpec option : spec.options()) {
            if (!ofEveryCommand.contains(option.longestName())) {
                rows.append(row(term(option), option));
            }
        }
        if (!rows.isEmpty()) {
            text.append("| option | meaning | default |\n|---|---|---|\n")
                    .append(rows)
                    .append('\n');
        }
        Map<String, String> own = spec.usageMessage().exitCodeList();
        if (!own.isEmpty() && !own.equals(exitCodes)) {
            text.append(exitCodes(own)).append('\n');
        }
        // Commands that are methods come in an order that is the JVM's.
        new TreeMap<>(command.getSubcommands()).values().forEach(below -> section(mark + "#", below));
    }

    private static String row(String term, ArgSpec argument) {
        String description = plain(argument.description());
        Matcher matcher = DEFAULT.matcher(description);
        return matcher.matches()
                ? row(term, cell(matcher.group(1) + "."), cell(matcher.group(2)))
                : row(term, cell(description), otherwise(argument));
    }

    /** What holds where no default is told. */
    private static String otherwise(ArgSpec argument) {
        if (argument.required()) {
            return "required";
        }
        return argument.isOption() && isFlag(argument) ? "off" : "–";
    }

    private static boolean isFlag(ArgSpec argument) {
        return argument.type() == boolean.class;
    }

    private static String term(OptionSpec option) {
        String value = isFlag(option) ? "" : " " + option.paramLabel();
        return code(String.join(", ", option.names()) + value);
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private static String code(String words) {
        return "`" + words.replace("|", "\\|") + "`";
    }

    private static String cell(String words) {
        return words.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }

    private static String plain(String... lines) {
        return Arrays.stream(lines)
                .map(line -> Ansi.OFF.string(line).replace("%n", " ").strip())
                .collect(Collectors.joining(" "));
    }
}
