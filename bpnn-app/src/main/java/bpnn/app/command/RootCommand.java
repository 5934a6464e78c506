package bpnn.app.command;

import bpnn.app.session.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ScopeType;

/** The program itself; all work is done by its commands. */
@Command(
        name = "bpnn",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        description = "Trains multi-layer perceptrons on exchangeable backends.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:internal error",
            "  2:impossible options",
            "  3:backend unavailable",
            "  4:data missing or malformed",
            "  5:training diverged; the last good weights are kept",
            "130:interrupted by Ctrl-C; what was learnt is written"
        })
public final class RootCommand {}
