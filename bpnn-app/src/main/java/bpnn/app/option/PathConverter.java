package bpnn.app.option;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From what a user typed to a path. What the system or its locale does not take for one is a usage error. */
public final class PathConverter implements ITypeConverter<Path> {
    @Override
    public Path convert(String value) {
        return path(value, TypeConversionException::new);
    }

    /**
     * Likewise, for an option whose value need not be a path.
     *
     * @throws UsageException if it is none
     */
    public static Path path(String option, String value) {
        return path(value, sentence -> new UsageException(option + ": " + sentence + "."));
    }

    private static Path path(String value, Function<String, RuntimeException> refusal) {
        try {
            return Path.of(value);
        } catch (InvalidPathException e) {
            throw refusal.apply(sentence(value, e));
        }
    }

    private static String sentence(String value, InvalidPathException e) {
        boolean ascii = value.chars().allMatch(letter -> letter < 128);
        return "'" + value + "' cannot be the name of a file here (" + e.getReason() + ")"
                + (ascii ? "" : "; where the locale is C or POSIX, LC_ALL=C.UTF-8 lets names have any letter");
    }

    /** What to do where Java cannot tell the working directory's name, so that it would write elsewhere. */
    public static Optional<String> problemOfWorkingDirectory() {
        String name = System.getProperty("user.dir");
        if (new File(name).isDirectory()) {
            return Optional.empty();
        }
        return Optional.of("The working directory is " + name
                + ", but there is no such folder: its name has letters that the locale lacks, or it was removed. Set"
                + " LC_ALL=C.UTF-8, or work in another folder.");
    }
}
