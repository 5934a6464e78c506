package bpnn.app.manual;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in the language of man(7), from the descriptions that {@code --help} shows. */
public final class ManualPage {
    private final StringBuilder text = new StringBuilder();
    private final Set<String> ofEveryCommand = new HashSet<>();

    private ManualPage() {}

    /** The page of a program with all its commands. */
    public static String of(CommandLine root) {
        ManualPage page = new ManualPage();
        CommandSpec spec = root.getCommandSpec();
        page.request(".TH " + spec.name().toUpperCase(Locale.ROOT) + " 1");
        page.section("NAME");
        page.line(spec.name() + " - " + description(spec));
        page.section("SYNOPSIS");
        page.line("./" + spec.name() + " [-Dname=value ...] COMMAND [options]");
        page.section("OPTIONS OF EVERY COMMAND");
        spec.options().forEach(page::option);
        spec.options().forEach(option -> page.ofEveryCommand.add(option.longestName()));
        page.section("COMMANDS");
        root.getSubcommands().values().forEach(page::command);
        page.section("EXIT CODES");
        spec.usageMessage().exitCodeList().forEach((code, meaning) -> page.item(code.strip(), meaning));
        return page.text.toString();
    }

    private void command(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        request(".SS " + escaped(spec.qualifiedName()));
        line(description(spec));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            item(parameter.paramLabel(), description(parameter));
        }
        for (OptionSpec option : spec.options()) {
            if (!ofEveryCommand.contains(option.longestName())) {
                option(option);
            }
        }
        command.getSubcommands().values().forEach(this::command);
    }

    private void option(OptionSpec option) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        item(String.join(", ", option.names()) + value, description(option));
    }

    private void section(String title) {
        request(".SH " + title);
    }

    private void item(String term, String meaning) {
        request(".TP");
        request(".B " + escaped(term));
        line(meaning);
    }

    /** A line of text; a dot or an apostrophe at its beginning would make it a request. */
    private void line(String words) {
        text.append("\\&").append(escaped(words)).append('\n');
    }

    private void request(String words) {
        text.append(words).append('\n');
    }

    private static String description(CommandSpec spec) {
        return plain(spec.usageMessage().description());
    }

    private static String description(ArgSpec argument) {
        return plain(argument.description());
    }

    private static String plain(String... lines) {
        return Arrays.stream(lines)
                .map(line -> Ansi.OFF.string(line).replace("%n", " ").strip())
                .collect(Collectors.joining(" "));
    }

    private static String escaped(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }
}
