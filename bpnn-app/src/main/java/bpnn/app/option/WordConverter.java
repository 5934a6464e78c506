package bpnn.app.option;

import bpnn.io.file.Word;
import bpnn.io.image.InputPicture;
import bpnn.io.model.Combination;
import bpnn.lab.experiment.Preset;
import bpnn.lab.run.DropoutMask;
import bpnn.lab.run.Normalisation;
import bpnn.lab.run.OptimizerName;
import bpnn.nn.ActivationFunction;
import bpnn.spi.Numerics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** From a word such as {@code per-example} to the constant it names, and an error that lists the words there are. */
public final class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final Class<E> type;

    private WordConverter(Class<E> type) {
        this.type = type;
    }

    /** Makes options of these types understand words, and those with paths say what is none. */
    public static void register(CommandLine commandLine) {
        commandLine.registerConverter(Path.class, new PathConverter());
        register(commandLine, Numerics.class);
        register(commandLine, ActivationFunction.class);
        register(commandLine, DropoutMask.class);
        register(commandLine, Normalisation.class);
        register(commandLine, OptimizerName.class);
        register(commandLine, RefinementOptions.Schedule.class);
        register(commandLine, AugmentationOptions.Kind.class);
        register(commandLine, Recipe.class);
        register(commandLine, Combination.class);
        register(commandLine, KeptWeights.class);
        register(commandLine, ImageTransport.class);
        register(commandLine, Preset.class);
        register(commandLine, InputPicture.Inversion.class);
    }

    private static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type) {
        commandLine.registerConverter(type, new WordConverter<>(type));
    }

    @Override
    public E convert(String value) {
        return convert(type, value);
    }

    /** The constant that a word names. */
    public static <E extends Enum<E>> E convert(Class<E> type, String value) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> Word.of(constant).equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("it is '" + value + "', but must be one of "
                        + Arrays.stream(type.getEnumConstants()).map(Word::of).collect(Collectors.joining(", "))));
    }
}
