package bpnn.bench.libtorch;

import bpnn.bench.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.CompilationUnit;
import org.bytedeco.pytorch.Function;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.QualifiedName;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam by one kernel for all parameters, what {@code torch.optim.Adam(fused=True)} calls in Python. The kernel has no
 * binding for Java, so a line of TorchScript calls it.
 */
final class FusedAdam {
    private final List<Tensor> operands = new ArrayList<>();
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor steps = torch.zeros(1);
    private final Function update;

    FusedAdam(TensorVector all) {
        for (int i = 0; i < all.size(); i++) {
            Tensor parameter = all.get(i);
            parameters.add(parameter);
            operands.add(torch.zeros_like(parameter.detach()));
            operands.add(torch.zeros_like(parameter.detach()));
        }
        CompilationUnit unit = torch.compile(source(parameters.size()));
        update = unit.find_function(new QualifiedName("update"));
    }

    private static String source(int count) {
        String arguments = IntStream.range(0, count)
                .mapToObj(i ->
                        String.format(Locale.ROOT, "w%d: Tensor, g%d: Tensor, m%d: Tensor, v%d: Tensor", i, i, i, i))
                .collect(Collectors.joining(", "));
        // The lists are returned, or TorchScript holds the call for dead code.
        return "def update(" + arguments + ", steps: Tensor):\n"
                + "    torch.add_(steps, 1)\n"
                + "    w = " + list("w", count) + "\n"
                + "    m = " + list("m", count) + "\n"
                + "    v = " + list("v", count) + "\n"
                + "    torch._fused_adam_(w, " + list("g", count) + ", m, v, [], [" + "steps, ".repeat(count - 1)
                + "steps], lr=" + Workload.LEARNING_RATE
                + ", beta1=0.9, beta2=0.999, weight_decay=0.0, eps=1e-8, amsgrad=False, maximize=False)\n"
                + "    return w, m, v\n";
    }

    private static String list(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i).collect(Collectors.joining(", ", "[", "]"));
    }

    /** One step along the gradients. */
    @SuppressWarnings("try") // the guard is not used: it switches the recording of gradients off
    void step() {
        try (NoGradGuard guard = new NoGradGuard()) {
            IValueVector stack = new IValueVector();
            for (int i = 0; i < parameters.size(); i++) {
                stack.push_back(new IValue(parameters.get(i)));
                stack.push_back(new IValue(parameters.get(i).grad()));
                stack.push_back(new IValue(operands.get(2 * i)));
                stack.push_back(new IValue(operands.get(2 * i + 1)));
            }
            stack.push_back(new IValue(steps));
            update.run(stack);
        }
    }
}
