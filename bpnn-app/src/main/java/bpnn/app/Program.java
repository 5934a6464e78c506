package bpnn.app;

import bpnn.app.command.AuditCommand;
import bpnn.app.command.BackendsCommand;
import bpnn.app.command.CompareCommand;
import bpnn.app.command.DataCommand;
import bpnn.app.command.DocsCommand;
import bpnn.app.command.DoctorCommand;
import bpnn.app.command.EvalCommand;
import bpnn.app.command.ExperimentCommand;
import bpnn.app.command.ExportCommand;
import bpnn.app.command.LearningRateCommand;
import bpnn.app.command.PlayCommand;
import bpnn.app.command.PredictCommand;
import bpnn.app.command.ReproduceCommand;
import bpnn.app.command.RootCommand;
import bpnn.app.command.ServeCommand;
import bpnn.app.command.SweepCommand;
import bpnn.app.command.TrainCommand;
import bpnn.app.command.VerifyCommand;
import bpnn.app.command.WatchCommand;
import bpnn.app.config.Configuration;
import bpnn.app.option.PathConverter;
import bpnn.app.option.UsageException;
import bpnn.app.option.WordConverter;
import bpnn.app.plugin.PluginFault;
import bpnn.app.session.CommonOptions;
import bpnn.app.session.ExitCode;
import bpnn.app.session.Session;
import bpnn.app.session.Terminal;
import bpnn.app.session.Version;
import bpnn.data.DataException;
import bpnn.lab.run.PlanException;
import bpnn.nn.DivergedException;
import bpnn.spi.BackendException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** From arguments to an exit code; every error becomes a sentence. */
public final class Program {
    private final Terminal terminal;
    private final CommonOptions common = new CommonOptions();
    private final Session session;

    public Program(Terminal terminal) {
        this.terminal = terminal;
        this.session = new Session(terminal, common);
    }

    /** Runs one command. */
    public int run(String... arguments) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            // Without the commands, whose options take picocli longer than everything else together.
            Version.lines().forEach(terminal.out()::println);
            return ExitCode.DONE;
        }
        Optional<String> misplaced = PathConverter.problemOfWorkingDirectory();
        if (misplaced.isPresent()) {
            return report(new UsageException(misplaced.get()));
        }
        try {
            CommandLine commandLine = commandLine();
            if (arguments.length == 0) {
                commandLine.usage(commandLine.getErr());
                return ExitCode.USAGE;
            }
            Configuration configuration =
                    Configuration.install(commandLine, arguments, System::getProperty, System::getenv);
            commandLine.setExecutionStrategy(parsed -> execute(parsed, configuration));
            return commandLine.execute(arguments);
        } catch (UsageException | PlanException | DataException e) {
            return report(e);
        } catch (OutOfMemoryError e) {
            return report(
                    e,
                    "There is not enough memory: the heap is limited to "
                            + (Runtime.getRuntime().maxMemory() >> 20) + " MB; ./bpnn -Xmx2g ... raises that to 2 GB.",
                    ExitCode.INTERNAL);
        } catch (LinkageError | AssertionError | StackOverflowError e) {
            return report(e);
        }
    }

    private int execute(ParseResult parsed, Configuration configuration) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!common.printConfig() || last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
            return new RunLast().execute(parsed);
        }
        session.result(configuration.toYaml(last), Configuration.toJson(last));
        return ExitCode.DONE;
    }

    /** The commands and options, without what the configuration adds. */
    CommandLine commandLine() {
        CommandLine root = new CommandLine(new RootCommand()).addMixin("common", common);
        root.addSubcommand(new TrainCommand(session));
        root.addSubcommand(new ReproduceCommand(session));
        root.addSubcommand(new AuditCommand(session));
        root.addSubcommand(new LearningRateCommand(session));
        root.addSubcommand(new EvalCommand(session));
        root.addSubcommand(new PredictCommand(session));
        root.addSubcommand(new ServeCommand(session));
        root.addSubcommand(new PlayCommand(session));
        root.addSubcommand(new WatchCommand(session));
        root.addSubcommand(new ExportCommand(session));
        root.addSubcommand(new ExperimentCommand(session));
        root.addSubcommand(new SweepCommand(session));
        root.addSubcommand(new CompareCommand(session));
        root.addSubcommand(new VerifyCommand(session));
        root.addSubcommand(new BackendsCommand(session));
        root.addSubcommand(new DoctorCommand(session));
        root.addSubcommand(new DataCommand(session));
        root.addSubcommand(new DocsCommand(session));
        WordConverter.register(root);
        return root.setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()))
                .setColorScheme(Help.defaultColorScheme(terminal.colour() ? Ansi.ON : Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(Math.min(terminal.columns(), 120))
                .setParameterExceptionHandler((e, arguments) -> misuse(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> report(e));
    }

    @SuppressWarnings("DefaultCharset") // the terminal's own charset is what is wanted
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true);
    }

    private int misuse(ParameterException e) {
        PrintWriter err = e.getCommandLine().getErr();
        err.println(sentence(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try: ./" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /**
     * What follows an unknown option is most likely its value, not a second mistake. What is no path picocli takes for
     * something that was not expected at all.
     */
    private static String sentence(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        if (unmatched.isUnknownOption()) {
            return "Unknown option: '" + unmatched.getUnmatched().get(0) + "'";
        }
        for (String argument : unmatched.getUnmatched()) {
            try {
                new PathConverter().convert(argument);
            } catch (TypeConversionException noPath) {
                return String.valueOf(noPath.getMessage());
            }
        }
        return String.valueOf(e.getMessage());
    }

    private int report(Throwable e) {
        if (e instanceof UsageException || e instanceof PlanException) {
            return report(e, String.valueOf(e.getMessage()), ExitCode.USAGE);
        }
        if (e instanceof BackendException) {
            return report(e, String.valueOf(e.getMessage()), ExitCode.BACKEND);
        }
        if (e instanceof DataException) {
            return report(e, String.valueOf(e.getMessage()), ExitCode.DATA);
        }
        if (e instanceof DivergedException) {
            return report(e, e.getMessage() + ".", ExitCode.DIVERGED);
        }
        Optional<String> plugin = PluginFault.sentence(e);
        if (plugin.isPresent()) {
            return report(e, plugin.get(), ExitCode.BACKEND);
        }
        return report(
                e,
                "This is an error of the program: " + e + (common.verbose() ? "" : "; -v shows where it came from")
                        + ".",
                ExitCode.INTERNAL);
    }

    private int report(Throwable e, String sentence, int exitCode) {
        terminal.complain(sentence);
        if (common.verbose()) {
            e.printStackTrace(terminal.err());
        }
        return exitCode;
    }
}
